import Foundation
import Synchronization
import TestSupport
import Testing

/// The server's program, running with the weights of this repository, until it goes.
final class ServerProgram {
  private let process = Process()
  private let output = Output()
  /// Of clients, and of operators if they have one.
  let port: Int
  let adminPort: Int?
  let identifier: Int32

  /// Starts the program and waits until it listens. That it is missing, or ends before, fails the test.
  init(_ options: [String] = [], environment: [String: String] = [:]) throws {
    let (process, output) = (self.process, self.output)
    process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "emotion-server")
    process.currentDirectoryURL = URL(filePath: #filePath).appending(path: "../../..").standardized
    process.arguments = ["--port", "0", "--address", "127.0.0.1", "--workers", "1"] + options
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardError = pipe
    pipe.fileHandleForReading.readabilityHandler = { output.add($0.availableData) }
    try process.run()
    waitUntil { output.text.contains("listening on port") || !process.isRunning }
    identifier = process.processIdentifier
    let message = output.text
    port = try #require(Self.number(after: "listening on port ", in: message), "\(message)")
    adminPort = Self.number(after: "(operators: ", in: message)
  }

  deinit {
    if process.isRunning { kill(identifier, SIGKILL) }
    process.waitUntilExit()
  }

  /// What it has written to standard error so far.
  var log: String { output.text }

  func client() throws -> HTTPClient { try HTTPClient(port: port) }

  func signal(_ signal: Int32) { kill(identifier, signal) }

  /// Waits for its end.
  /// - Returns: The exit status.
  func wait() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  private static func number(after text: String, in message: String) -> Int? {
    guard let end = message.firstRange(of: text)?.upperBound else { return nil }
    return Int(message[end...].prefix(while: \.isNumber))
  }

  private final class Output: Sendable {
    private let bytes = Mutex(Data())
    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
    func add(_ more: Data) { bytes.withLock { $0.append(more) } }
  }
}
