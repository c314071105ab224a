import CommandLineTool
import FileIO
import Glibc

@main
struct ServerCommand {
  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      Terminal.printError("emotion-server: \(error)")
      if error.exitCode == ExitCode.usage {
        Terminal.printError("Try 'emotion-server --help'.")
      }
      exit(error.exitCode)
    }
  }

  private static func run(_ words: [String]) throws(StartError) {
    switch try invocation(words) {
    case .help: Terminal.print(ServerOptions.command.help)
    case .version: Terminal.print("emotion-server \(ProgramVersion.text)")
    case .run(let arguments) where arguments[ServerOptions.printConfig]:
      Terminal.print(configurationText(arguments))
    case .run(let arguments):
      if try !Serving.run(arguments) { exit(ExitCode.failure) }
    }
  }

  private static func invocation(_ words: [String]) throws(StartError) -> Invocation {
    let environment = Terminal.environment
    do {
      var settings: Settings?
      if let path = try ServerOptions.command.settingsPath(in: words, environment: environment) {
        settings = try Settings(try text(path), path: path)
      }
      return try ServerOptions.command.parse(words, environment: environment, settings: settings)
    } catch {
      throw .usage(error)
    }
  }

  private static func text(_ path: String) throws(UsageError) -> String {
    do {
      return try File(path).readText(limit: 1 << 20)
    } catch {
      throw .unreadableSettings("\(error)")
    }
  }
}
