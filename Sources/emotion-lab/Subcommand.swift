import CommandLineTool

/// One of the program's commands. What `run` throws is printed and becomes the exit code.
protocol Subcommand: SendableMetatype {
  /// Named `emotion-lab` and one word.
  static var command: Command { get }
  static func run(_ arguments: Arguments) async throws
}
