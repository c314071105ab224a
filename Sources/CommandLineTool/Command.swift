/// The arguments of a command that are not options.
public enum Operands: Sendable, Equatable {
  case none
  /// One argument for each name.
  case exactly([String])
  /// One or more arguments, all of the same kind.
  case oneOrMore(String)
  /// Any number of arguments, none included.
  case any(String)
}

/// A line to paste, with what it does.
public struct Example: Sendable {
  public let command: String
  public let purpose: String

  public init(_ command: String, _ purpose: String) {
    self.command = command
    self.purpose = purpose
  }
}

/// A program, or one of a program's subcommands: its options, operands and help, all declared.
public struct Command: Sendable {
  /// As typed: `emotion-server`, or `emotion-lab train`.
  public let name: String
  public let summary: String
  public let operands: Operands
  public let options: [any OptionDeclaration]
  public let examples: [Example]
  /// Variables that begin so and belong to no option are refused; nil refuses none.
  public let environmentPrefix: String?
  /// The option that names a file of settings, and so cannot stand in one.
  public let settingsFile: Option<String?>?

  public init(
    _ name: String, summary: String, operands: Operands = .none,
    options: [any OptionDeclaration] = [], environmentPrefix: String? = nil,
    settingsFile: Option<String?>? = nil, examples: [Example] = []
  ) {
    let names = Set(options.map(\.name)).union(["help", "version"])
    precondition(names.count == options.count + 2, "option names of \(name) are not unique")
    self.name = name
    self.summary = summary
    self.operands = operands
    self.options = options
    self.environmentPrefix = environmentPrefix
    self.settingsFile = settingsFile
    self.examples = examples
  }
}

/// What a command line asks for.
public enum Invocation: Sendable {
  case help
  case version
  case run(Arguments)
}

/// The values of a command's options, and its operands: everything checked already.
public struct Arguments: Sendable {
  public let operands: [String]
  let values: [String: Entry]

  struct Entry: Sendable {
    let value: any Sendable
    let source: ValueSource
  }

  /// The value of an option that the command declares.
  public subscript<Value>(_ option: Option<Value>) -> Value {
    guard let value = entry(option.name).value as? Value else {
      preconditionFailure("option --\(option.name) was declared with another type of value")
    }
    return value
  }

  /// The option as it would stand in a file of settings: a line for each value, and one without for what was left out.
  public func settings(of option: any OptionDeclaration) -> [String] {
    let texts = option.texts(of: entry(option.name).value)
    return (texts.isEmpty ? [""] : texts).map { Settings.line(option.name, $0) }
  }

  /// Where the option's value came from.
  public func source(of option: any OptionDeclaration) -> ValueSource {
    entry(option.name).source
  }

  private func entry(_ name: String) -> Entry {
    guard let entry = values[name] else {
      preconditionFailure("option --\(name) is not declared by this command")
    }
    return entry
  }
}
