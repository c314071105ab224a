extension Command {
  /// Reads a command line (without the program's own name) and the environment.
  ///
  /// `--name value` and `--name=value` mean the same; the last of several counts; `--` ends the options; an empty
  /// variable counts as unset. `--help` and `--version` win over every error that stands after them.
  public func parse(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws(UsageError) -> Invocation {
    var reader = Reader(command: self, rest: arguments[...])
    if let request = try reader.read() { return request }
    try operands.check(reader.operands)
    return .run(
      Arguments(operands: reader.operands, values: try entries(reader.texts, environment)))
  }

  private func entries(
    _ given: [String: [String]], _ environment: [String: String]
  ) throws(UsageError) -> [String: Arguments.Entry] {
    var entries: [String: Arguments.Entry] = [:]
    for option in options {
      let (texts, source) = option.texts(given, environment)
      let value = try option.value(from: texts, source: source)
      entries[option.name] = Arguments.Entry(value: value, source: source)
    }
    return entries
  }
}

extension OptionDeclaration {
  fileprivate func texts(
    _ given: [String: [String]], _ environment: [String: String]
  ) -> ([String], ValueSource) {
    if let texts = given[name] { return (texts, .flag) }
    if let variable = self.environment, let text = environment[variable], !text.isEmpty {
      return ([text], .environment(variable))
    }
    return ([], .fallback)
  }
}

extension Operands {
  fileprivate func check(_ found: [String]) throws(UsageError) {
    switch self {
    case .none:
      try expect(found, names: [])
    case .exactly(let names):
      try expect(found, names: names)
    case .oneOrMore(let name):
      if found.isEmpty { throw .missingOperand(name) }
    case .any:
      return
    }
  }

  private func expect(_ found: [String], names: [String]) throws(UsageError) {
    if found.count < names.count { throw .missingOperand(names[found.count]) }
    if found.count > names.count { throw .unexpectedOperand(found[names.count]) }
  }
}

/// Walks over the arguments once, left to right.
private struct Reader {
  let command: Command
  var rest: ArraySlice<String>
  var texts: [String: [String]] = [:]
  var operands: [String] = []

  mutating func read() throws(UsageError) -> Invocation? {
    while let argument = rest.popFirst() {
      switch argument {
      case "--help", "-h": return .help
      case "--version", "-V": return .version
      case "--":
        operands += rest
        return nil
      case _ where argument.hasPrefix("-") && argument.count > 1:
        try readOption(argument)
      default: operands.append(argument)
      }
    }
    return nil
  }

  private mutating func readOption(_ argument: String) throws(UsageError) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let flag = String(parts[0])
    guard flag.hasPrefix("--"),
      let option = command.options.first(where: { "--" + $0.name == flag })
    else { throw .unknownOption(flag, suggestion: suggestion(for: flag)) }
    let attached = parts.count > 1 ? String(parts[1]) : nil
    texts[option.name, default: []].append(try text(of: option, attached: attached))
  }

  private mutating func text(
    of option: any OptionDeclaration, attached: String?
  ) throws(UsageError) -> String {
    guard let placeholder = option.placeholder else {
      if attached != nil { throw .unexpectedValue(option: option.name) }
      return "true"
    }
    if let attached { return attached }
    // A value may begin with one dash (a negative number), never with two: that is the next option.
    guard let next = rest.first, !next.hasPrefix("--") else {
      throw .missingValue(option: option.name, placeholder: placeholder)
    }
    rest.removeFirst()
    return next
  }

  private func suggestion(for flag: String) -> String? {
    nearest(to: flag, among: command.options.map { "--" + $0.name } + ["--help", "--version"])
  }
}
