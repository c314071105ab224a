import AudioIO
import CommandLineTool
import EmotionAPI
import EmotionRecognition
import FileIO
import Glibc
import HTTPServing

@main
struct ServerCommand {
  static let version = "emotion-server 0.1.0"

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
    let invocation: Invocation
    do {
      invocation = try ServerOptions.command.parse(words, environment: Terminal.environment)
    } catch {
      throw .usage(error)
    }
    switch invocation {
    case .help: Terminal.print(ServerOptions.command.help)
    case .version: Terminal.print(version)
    case .run(let arguments) where arguments[ServerOptions.printConfig]:
      Terminal.print(configurationText(arguments))
    case .run(let arguments): try serve(arguments)
    }
  }

  /// Loads, listens, and waits for the end.
  private static func serve(_ arguments: Arguments) throws(StartError) {
    // Before anything starts a thread: all of them are to leave these signals alone.
    ShutdownSignals.block()
    let log = Log(style: arguments[ServerOptions.log], level: arguments[ServerOptions.logLevel])
    let configuration = try configuration(arguments)
    let recognizer = try load(arguments)
    let server = try start(configuration, arguments, recognizer, log)
    log.info(
      "listening on port \(server.port) with \(recognizer.identity.name), "
        + "sha256 \(recognizer.identity.sha256)")
    let signal = ShutdownSignals.wait()
    log.info("signal \(signal): finishing running requests")
    if server.stop() {
      log.info("stopped")
    } else {
      log.error("stopped; some requests did not finish in the grace time")
      exit(ExitCode.failure)
    }
  }

  private static func load(_ arguments: Arguments) throws(StartError) -> Recognizer {
    let limits = AudioLimits(maximumDuration: arguments[ServerOptions.maxSeconds])
    do {
      return try Recognizer(modelAt: arguments[ServerOptions.model], limits: limits)
    } catch {
      throw .model(error)
    }
  }

  private static func start(
    _ configuration: ServerConfiguration, _ arguments: Arguments, _ recognizer: Recognizer,
    _ log: Log
  ) throws(StartError) -> Server {
    let service = EmotionService(
      recognizer: recognizer, bodyLimit: arguments[ServerOptions.maxBody])
    let queue = WorkQueue(
      workers: arguments[ServerOptions.workers], capacity: arguments[ServerOptions.queue])
    do {
      return try Server(
        configuration, router: service.router, queue: queue,
        events: ServerEvents(requestEnded: log.request, libraryMessage: log.debug))
    } catch {
      throw .server(error)
    }
  }
}
