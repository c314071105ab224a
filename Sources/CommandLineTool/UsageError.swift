/// Where an option's value came from. A flag beats the environment, which beats the file, which beats the default.
public enum ValueSource: Sendable, Equatable {
  case flag
  case environment(String)
  case file(path: String, line: Int)
  case fallback
}

/// What is wrong with a command line.
public enum UsageError: Error, Equatable {
  case unknownOption(String, suggestion: String?)
  case unknownCommand(String, suggestion: String?)
  case unknownVariable(String, suggestion: String?)
  case unknownSetting(String, path: String, line: Int, suggestion: String?)
  case malformedSetting(path: String, line: Int)
  /// The file of settings cannot be read.
  case unreadableSettings(String)
  case missingCommand
  case missingValue(option: String, placeholder: String)
  case unexpectedValue(option: String)
  case missingOption(String, environment: String?)
  /// Options of which only one may be given.
  case conflictingOptions([String])
  case badValue(option: String, source: ValueSource, found: String, expected: String)
  case missingOperand(String)
  case unexpectedOperand(String)
}

extension UsageError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownOption(let name, let suggestion):
      "unknown option \(name)" + hint(suggestion)
    case .unknownCommand(let name, let suggestion):
      "unknown command '\(name)'" + hint(suggestion)
    case .unknownVariable(let name, let suggestion):
      "no option reads the environment variable \(name)" + hint(suggestion)
    case .unknownSetting(let name, let path, let line, let suggestion):
      "\(path):\(line): unknown setting '\(name)'" + hint(suggestion)
    case .malformedSetting(let path, let line):
      "\(path):\(line): expected 'name = value'"
    case .unreadableSettings(let reason):
      "cannot read the settings: \(reason)"
    case .missingCommand:
      "no command given"
    case .missingValue(let option, let placeholder):
      "option --\(option) needs a value: --\(option) \(placeholder)"
    case .unexpectedValue(let option):
      "option --\(option) takes no value"
    case .missingOption(let name, let environment):
      "option --\(name) is missing" + (environment.map { " (or set \($0))" } ?? "")
    case .conflictingOptions(let names):
      names.map { "--\($0)" }.joined(separator: " and ") + " exclude each other"
    case .badValue(let option, let source, let found, let expected):
      "\(place(option, source)) is '\(found)', expected \(expected)"
    case .missingOperand(let name):
      "\(name) is missing"
    case .unexpectedOperand(let text):
      "unexpected argument '\(text)'"
    }
  }

  private func hint(_ suggestion: String?) -> String {
    suggestion.map { "; did you mean \($0)?" } ?? ""
  }

  private func place(_ option: String, _ source: ValueSource) -> String {
    switch source {
    case .environment(let variable): "environment variable \(variable)"
    case .file(let path, let line): "\(path):\(line): \(option)"
    case .flag, .fallback: "--\(option)"
    }
  }
}

/// Exit codes of sysexits.h that these programs use.
public enum ExitCode {
  public static let success: Int32 = 0
  public static let failure: Int32 = 1
  /// EX_USAGE: the command line is wrong.
  public static let usage: Int32 = 64
  /// EX_DATAERR: an input file is wrong.
  public static let data: Int32 = 65
  /// EX_NOINPUT: an input file is missing.
  public static let noInput: Int32 = 66
  /// EX_UNAVAILABLE: a port or another resource cannot be had.
  public static let unavailable: Int32 = 69
}
