import AudioIO
import CommandLineTool
import EmotionAPI
import Foundation
import HTTPServing
import TestSupport
import Testing
import emotion_server

/// An option, a value that is not its default, and what has to hold of the configuration then.
struct Mapping<Configuration>: Sendable, CustomTestStringConvertible {
  let option: String
  let value: String
  let holds: @Sendable (Configuration) -> Bool
  var testDescription: String { option }

  init(_ option: String, _ value: String, _ holds: @escaping @Sendable (Configuration) -> Bool) {
    (self.option, self.value, self.holds) = (option, value, holds)
  }
}

private let listener: [Mapping<ServerConfiguration>] = [
  Mapping("port", "81") { $0.port == 81 },
  Mapping("address", "::1") { $0.address == "::1" },
  Mapping("io-threads", "3") { $0.ioThreads == 3 },
  Mapping("max-connections", "77") { $0.maxConnections == 77 },
  Mapping("max-per-address", "5") { $0.maxConnectionsPerAddress == 5 },
  Mapping("idle-timeout", "11") { $0.idleTimeout == .seconds(11) },
  Mapping("body-timeout", "12") { $0.bodyTimeout == .seconds(12) },
  Mapping("grace-time", "13") { $0.graceTime == .seconds(13) },
  Mapping("max-streams", "6") { $0.maxStreams == 6 },
  Mapping("max-header", "5000") { $0.connectionMemory == 5000 },
  Mapping("max-body-memory", "2M") { $0.maxBodyMemory == 2 << 20 },
  Mapping("proxies", "2") { $0.proxies == 2 },
  Mapping("tls-priorities", "NORMAL") { $0.tlsPriorities == "NORMAL" },
]

private let service: [Mapping<ServiceLimits>] = [
  Mapping("max-body", "3M") { $0.body == 3 << 20 },
  Mapping("max-stream-body", "4M") { $0.streamedBody == 4 << 20 },
  Mapping("max-stream-seconds", "21.5") { $0.streamedSeconds == 21.5 },
  Mapping("max-request-seconds", "22") { $0.requestSeconds == 22 },
  Mapping("max-processor", "0.25") { $0.processor.least == .milliseconds(250) },
  Mapping("max-windows", "23") { $0.windows == 23 },
  Mapping("max-answer", "5M") { $0.answerBytes == 5 << 20 },
]

/// Those that become something else than one field of a configuration.
private let others = [
  // `tls` and `admin` below.
  "tls-certificate", "tls-key", "admin-port", "admin-address",
  // Asked of the running program: ProgramTests.
  "model", "decoder", "external-decoder", "queue", "max-seconds", "api-keys", "protect-health",
  "protect-metrics",
  "allow-origin", "rate-limit", "rate-burst", "log",
  // What they do does not show in an answer, or is CommandLineTool's.
  "workers", "log-level", "config", "print-config",
]

private func arguments(_ words: String...) throws -> Arguments {
  guard case .run(let arguments) = try ServerOptions.command.parse(words) else {
    throw UnexpectedInvocation()
  }
  return arguments
}

private struct UnexpectedInvocation: Error {}

@Suite("the server's options")
struct OptionTests {
  @Test("an option reaches the listener's configuration", arguments: listener)
  func reachesListener(_ mapping: Mapping<ServerConfiguration>) throws {
    #expect(mapping.holds(try configuration(arguments("--\(mapping.option)", mapping.value))))
    #expect(!mapping.holds(try configuration(arguments())))
  }

  @Test("an option reaches the service's limits", arguments: service)
  func reachesService(_ mapping: Mapping<ServiceLimits>) throws {
    #expect(mapping.holds(limits(try arguments("--\(mapping.option)", mapping.value))))
    #expect(!mapping.holds(limits(try arguments())))
  }

  @Test("no option is left out of these tests")
  func all() {
    let tested = listener.map(\.option) + service.map(\.option) + others
    #expect(Set(ServerOptions.command.options.map(\.name)) == Set(tested))
    #expect(Set(tested).count == tested.count)
  }

  @Test("a certificate goes with its key")
  func tls() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "options-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let identity = try makeTLSIdentity()
    let (certificate, key) = (folder.appending(path: "c").path, folder.appending(path: "k").path)
    try Data(identity.certificate.utf8).write(to: URL(filePath: certificate))
    try Data(identity.privateKey.utf8).write(to: URL(filePath: key))
    let tls = try configuration(arguments("--tls-certificate", certificate, "--tls-key", key)).tls
    #expect(tls != nil)
    #expect(try configuration(arguments()).tls == nil)
    for (option, path, missing) in [
      ("--tls-certificate", certificate, "--tls-key"), ("--tls-key", key, "--tls-certificate"),
    ] {
      let error = #expect(throws: StartError.self) { try configuration(arguments(option, path)) }
      #expect(error?.description.contains(missing) == true)
    }
  }

  @Test("operators have a small listener, on request")
  func admin() throws {
    #expect(adminConfiguration(try arguments()) == nil)
    let configuration = try #require(
      adminConfiguration(arguments("--admin-port", "82", "--admin-address", "127.0.0.2")))
    #expect(configuration.port == 82 && configuration.address == "127.0.0.2")
    #expect(configuration.tls == nil && configuration.ioThreads == 1)
    #expect(try adminConfiguration(arguments("--admin-port", "82"))?.address == "127.0.0.1")
  }

  /// taskset is a part of every Debian (util-linux).
  @Test("one processor in the affinity mask is one worker")
  func affinity() throws {
    let process = Process()
    let server = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "emotion-server").path
    process.executableURL = URL(filePath: "/usr/bin/taskset")
    process.arguments = ["--cpu-list", "0", server, "--print-config"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(text.contains("workers = 1 "), "\(text)")
  }
}
