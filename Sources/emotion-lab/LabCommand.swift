import CommandLineTool
import Glibc

/// `emotion-lab COMMAND …`: finds the subcommand, runs it, and turns what it throws into an exit code.
@main
struct LabCommand {
  /// Add a subcommand by adding it here.
  static let subcommands: [any Subcommand.Type] = [
    DownloadCommand.self, CorpusCommand.self, ExploreCommand.self, TrainCommand.self,
    CrossValidateCommand.self, BenchmarkCommand.self, EvaluateCommand.self,
    CompareCommand.self, PredictCommand.self, StagesCommand.self, FeaturesCommand.self,
    PresetsCommand.self,
    ModelCommand.self, AnnotateCommand.self, ImportCommand.self, ExportCommand.self,
    ConvertCommand.self,
  ]

  static let group = CommandGroup(
    "emotion-lab",
    summary: "Explores speech-emotion corpora; trains and measures networks on them.",
    commands: subcommands.map { $0.command })

  static func main() async {
    exit(await run(Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs a command line without the program's name and returns the exit code.
  static func run(_ arguments: [String]) async -> Int32 {
    do {
      try await dispatch(arguments)
      return ExitCode.success
    } catch let error as UsageError {
      Terminal.printError("emotion-lab: \(error)\nTry 'emotion-lab --help'.")
      return ExitCode.usage
    } catch {
      Terminal.printError("emotion-lab: \(error)")
      return exitCode(of: error)
    }
  }

  private static func dispatch(_ arguments: [String]) async throws {
    switch try group.select(arguments) {
    case .help: Terminal.print(group.help)
    case .version: Terminal.print("emotion-lab \(ProgramVersion.text)")
    case .command(let command, let rest): try await run(command, rest)
    }
  }

  private static func run(_ command: Command, _ arguments: [String]) async throws {
    switch try command.parse(arguments, environment: Terminal.environment) {
    case .help: Terminal.print(command.help)
    case .version: Terminal.print("emotion-lab \(ProgramVersion.text)")
    case .run(let arguments):
      let subcommand = subcommands.first { $0.command.name == command.name }
      try await subcommand?.run(arguments)
    }
  }
}
