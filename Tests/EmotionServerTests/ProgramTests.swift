import Foundation
import TestSupport
import Testing

private func recording() throws -> [UInt8] { try [UInt8](fixture("voice.flac")) }

private func json(_ bytes: [UInt8]) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
}

@Suite("the server's program")
struct ProgramTests {
  @Test("the weights of this repository answer a recording as is noted beside it")
  func weights() throws {
    let server = try ServerProgram()
    let reply = try server.client().exchange("POST", "/predict", body: recording())
    #expect(reply.status == 200, "\(reply.text)")
    let found = try #require(try json(reply.body)["probabilities"] as? [String: Double])
    let noted = try JSONDecoder().decode([String: Double].self, from: fixture("voice.json"))
    #expect(noted.count == 8 && Set(found.keys) == Set(noted.keys))
    for (label, probability) in noted {
      #expect(abs(found[label, default: .nan] - probability) < 1e-4, "\(label)")
    }
  }

  @Test(
    "a service manager is told of the start, of each reload and of the end",
    arguments: ["file", "abstract name"])
  func notify(place: String) throws {
    let name = "notify-\(UUID())"
    let path =
      place == "file"
      ? FileManager.default.temporaryDirectory.appending(path: name).path : "@\(name)"
    let manager = try #require(NotifySocket(path))
    let server = try ServerProgram(["--admin-port", "0"], environment: ["NOTIFY_SOCKET": path])
    #expect(manager.next()["READY"] == "1")
    for _ in 0..<2 {
      server.signal(SIGHUP)
      let reloading = manager.next()
      #expect(reloading["RELOADING"] == "1")
      #expect(Int(reloading["MONOTONIC_USEC", default: ""]) ?? 0 > 0)
      #expect(manager.next()["READY"] == "1")
    }
    server.signal(SIGTERM)
    #expect(manager.next()["STOPPING"] == "1")
    #expect(server.wait() == 0)
  }

  @Test("SIGHUP reads certificate and key anew; what cannot be used changes nothing")
  func certificates() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (certificate, key) = (folder.appending(path: "c.pem"), folder.appending(path: "k.pem"))
    func write() throws -> String {
      let identity = try makeTLSIdentity()
      try Data(identity.certificate.utf8).write(to: certificate)
      try Data(identity.privateKey.utf8).write(to: key)
      return identity.certificate
    }
    let first = try write()
    let server = try ServerProgram([
      "--tls-certificate", certificate.path, "--tls-key", key.path,
    ])
    func shown() throws -> String? {
      try HTTPClient(port: server.port, overTLS: true).peerCertificate
    }
    #expect(try shown() == first)
    let second = try write()
    server.signal(SIGHUP)
    waitUntil { server.log.contains("loaded anew") }
    #expect(server.log.contains("TLS certificate and key"))
    #expect(try shown() == second)
    try Data("nothing".utf8).write(to: key)
    server.signal(SIGHUP)
    waitUntil { server.log.contains("nothing was loaded anew: certificate and key of TLS") }
    #expect(try shown() == second)
  }

  @Test("reloads that are asked for at once are all done, and it goes on serving")
  func reloads() throws {
    let server = try ServerProgram(["--admin-port", "0"])
    let admin = try #require(server.adminPort)
    let clients = try (0..<3).map { _ in try HTTPClient(port: admin) }
    for client in clients { client.send("POST", "/-/reload") }
    server.signal(SIGHUP)
    for client in clients { #expect(try client.reply().status == 200) }
    waitUntil { server.log.ranges(of: "loaded anew").count == 4 }
    let metrics = try HTTPClient(port: admin).exchange("GET", "/metrics").text
    #expect(metrics.contains(#"emotion_reloads_total{result="success"} 4"#))
    #expect(try server.client().exchange("GET", "/readyz").status == 200)
  }

  @Test(
    "without an external decoder, what no library decodes is refused with its name and a remedy")
  func noExternalDecoder() throws {
    let server = try ServerProgram(["--external-decoder", "none"])
    let recording = Array("#!AMR\n".utf8) + [UInt8](repeating: 0x3C, count: 320)
    let reply = try server.client().exchange("POST", "/predict", body: recording)
    #expect(reply.status == 415 && reply.text.contains("AMR"), "\(reply.text)")
    #expect(reply.text.contains("ffmpeg"))
  }

  @Test("options that are not of one configuration do what they say")
  func options() throws {
    let keys = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID())").path
    // The SHA-256 of "secret".
    let hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
    try Data("team \(hash)\n".utf8).write(to: URL(filePath: keys))
    defer { try? FileManager.default.removeItem(atPath: keys) }
    let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let server = try ServerProgram([
      "--model", "other=models/emotion.safetensors", "--queue", "7", "--max-seconds", "1",
      "--decoder", folder.appending(path: "emotion-decoder").path, "--api-keys", keys,
      "--protect-health", "--protect-metrics", "--allow-origin", "https://a.example",
      "--rate-limit", "0.001", "--rate-burst", "4", "--log", "json",
    ])
    let client = try server.client()
    for path in ["/healthz", "/metrics", "/model"] {
      #expect(try client.exchange("GET", path).status == 401, "\(path)")
    }
    let fields = ["Authorization: Bearer secret", "Origin: https://a.example"]
    let metrics = try client.exchange("GET", "/metrics", fields)
    #expect(metrics.text.contains("\nemotion_queue_capacity 7\n"))
    #expect(metrics.fields["access-control-allow-origin"] == "https://a.example")
    let card = try client.exchange("GET", "/model", fields)
    #expect(try json(card.body)["name"] as? String == "other")
    let long = try client.exchange("POST", "/predict", fields, body: recording())
    #expect(long.status == 413 && long.text.contains("1.0 s"), "\(long.text)")
    // Four at once, and one in a thousand seconds.
    #expect(try client.exchange("GET", "/model", fields).status == 200)
    #expect(try client.exchange("GET", "/model", fields).status == 429)
    waitUntil { server.log.contains(#""route":"/predict","status":413"#) }
    #expect(server.log.split(separator: "\n").allSatisfy { $0.hasPrefix("{") })
  }
}
