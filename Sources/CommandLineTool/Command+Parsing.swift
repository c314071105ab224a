extension Command {
  /// Reads a command line (without the program's own name), the environment and a file of settings: a flag beats the
  /// environment, which beats the file, which beats the default.
  ///
  /// `--name value` and `--name=value` mean the same; the last of several counts; `--` ends the options; an empty
  /// variable counts as unset. `--help` and `--version` win over every error that stands after them.
  public func parse(
    _ arguments: [String], environment: [String: String] = [:], settings: Settings? = nil
  ) throws(UsageError) -> Invocation {
    var reader = Reader(command: self, rest: arguments[...])
    if let request = try reader.read() { return request }
    try operands.check(reader.operands)
    try check(environment)
    if let settings { try check(settings) }
    return .run(
      Arguments(
        operands: reader.operands, values: try entries(reader.texts, environment, settings)))
  }

  /// Which file of settings to read, before anything else is looked at.
  /// - Returns: nil when there is none, or when help or the version is asked for.
  public func settingsPath(
    in arguments: [String], environment: [String: String]
  ) throws(UsageError) -> String? {
    var reader = Reader(command: self, rest: arguments[...])
    if try reader.read() != nil { return nil }
    return settingsFile?.texts(reader.texts, environment, nil).texts.last
  }

  /// A variable that looks like the program's own but is none is a misspelling.
  private func check(_ environment: [String: String]) throws(UsageError) {
    guard let prefix = environmentPrefix else { return }
    let known = options.compactMap(\.environment)
    let unknown = environment.keys.filter { $0.hasPrefix(prefix) && !known.contains($0) }
    guard let first = unknown.min() else { return }
    throw .unknownVariable(first, suggestion: nearest(to: first, among: known))
  }

  private func check(_ settings: Settings) throws(UsageError) {
    let known = options.filter { $0.environment != nil && $0.name != settingsFile?.name }
      .map(\.name)
    guard let line = settings.lines.first(where: { !known.contains($0.name) }) else { return }
    throw .unknownSetting(
      line.name, path: settings.path, line: line.number,
      suggestion: nearest(to: line.name, among: known))
  }

  private func entries(
    _ given: [String: [String]], _ environment: [String: String], _ settings: Settings?
  ) throws(UsageError) -> [String: Arguments.Entry] {
    var entries: [String: Arguments.Entry] = [:]
    for option in options {
      let (texts, source) = option.texts(given, environment, settings)
      let value = try option.value(from: texts, source: source)
      entries[option.name] = Arguments.Entry(value: value, source: source)
    }
    return entries
  }
}

extension OptionDeclaration {
  fileprivate func texts(
    _ given: [String: [String]], _ environment: [String: String], _ settings: Settings?
  ) -> (texts: [String], source: ValueSource) {
    if let texts = given[name] { return (texts, .flag) }
    if let variable = self.environment, let text = environment[variable], !text.isEmpty {
      return (split(text), .environment(variable))
    }
    let lines = (settings?.lines ?? []).filter { $0.name == name && !$0.value.isEmpty }
    if let settings, let last = lines.last {
      return (lines.map(\.value), .file(path: settings.path, line: last.number))
    }
    return ([], .fallback)
  }

  /// A variable holds one text; an option of several values separates them by commas there.
  private func split(_ text: String) -> [String] {
    isRepeated ? text.split(separator: ",").map(String.init) : [text]
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
