/// A program with subcommands: `emotion-lab train`, `emotion-lab predict`, ...
public struct CommandGroup: Sendable {
  public let name: String
  public let summary: String
  public let commands: [Command]

  /// - Parameter commands: Each named by the program and one word, such as `emotion-lab train`.
  public init(_ name: String, summary: String, commands: [Command]) {
    precondition(
      commands.allSatisfy { $0.name.hasPrefix(name + " ") },
      "a subcommand's name begins with the program's")
    self.name = name
    self.summary = summary
    self.commands = commands
  }

  /// What the first word of a command line selects.
  public enum Selection: Sendable {
    case help
    case version
    case command(Command, arguments: [String])
  }

  /// Finds the subcommand; its own options are then read by `Command.parse`.
  public func select(_ arguments: [String]) throws(UsageError) -> Selection {
    guard let word = arguments.first else { throw .missingCommand }
    switch word {
    case "--help", "-h", "help": return .help
    case "--version", "-V": return .version
    default: break
    }
    guard let command = commands.first(where: { self.word($0) == word }) else {
      throw .unknownCommand(word, suggestion: nearest(to: word, among: commands.map(self.word)))
    }
    return .command(command, arguments: Array(arguments.dropFirst()))
  }

  /// The text that `--help` prints.
  public var help: String {
    """
    \(summary)

    Usage: \(name) COMMAND [options]

    Commands:
    \(table(commands.map { (word($0), $0.summary) }))
    '\(name) COMMAND --help' explains one command.

    """
  }

  private func word(_ command: Command) -> String {
    String(command.name.dropFirst(name.count + 1))
  }
}
