import Glibc
import HTTPServing
import Synchronization
import TestSupport
import Testing

/// A server that sends back each piece of data as a text that says its length, and fails at a text.
private final class Fixture: Sendable {
  let server: Server
  private let records: Recorder
  private let isSecure: Bool

  private final class Recorder: Sendable { let all = Mutex<[RequestRecord]>([]) }

  init(
    overTLS isSecure: Bool = false, _ adjust: (inout ServerConfiguration) -> Void = { _ in }
  ) throws {
    self.isSecure = isSecure
    var configuration = try ServerConfiguration.loopback(overTLS: isSecure)
    adjust(&configuration)
    let records = Recorder()
    self.records = records
    server = try Server(
      configuration,
      router: Router(
        [
          Route(.get, "/plain", handler: { _ in .response(Response(.noContent)) }),
          Route(
            webSocket: "/socket", limit: 1_000_000, messageLimit: 500_000,
            admit: {
              $0.target["refuse"] == nil ? nil : .problem(.unprocessableContent, detail: "no")
            }, handler: echo),
        ], policies: [CrossOrigin(origins: ["https://a.example"]).socketPolicy]),
      queue: WorkQueue(workers: 1, capacity: 1),
      events: ServerEvents(requestEnded: { record in records.all.withLock { $0.append(record) } }))
  }

  var ended: [RequestRecord] { records.all.withLock { $0 } }

  func stop() { server.stop() }

  func connect() throws -> HTTPClient { try HTTPClient(port: server.port, overTLS: isSecure) }

  /// A client whose socket is open.
  func open(_ target: String = "/socket", _ fields: [String] = []) throws -> HTTPClient {
    let client = try connect()
    let reply = try client.open(target, fields)
    #expect(reply.status == 101)
    return client
  }
}

private func echo(_ socket: WebSocket) {
  let copies = socket.request.head.target["copies"].flatMap(Int.init) ?? 1
  while let message = socket.next() {
    switch message {
    case .data(let bytes):
      for _ in 0..<copies { socket.send("\(bytes.count) " + String(repeating: "x", count: copies)) }
    case .text(let text):
      if text == "bye" { return socket.close(.normal) }
      socket.close(Problem(.contentTooLarge, detail: text))
    }
  }
}

private func frame(_ first: UInt8, _ text: String) -> HTTPClient.Frame {
  HTTPClient.Frame(first, Array(text.utf8))
}

@Suite("WebSockets")
struct WebSocketTests {
  @Test(
    "the handshake is answered as the RFC's example is, and frames go both ways",
    arguments: [false, true])
  func exchange(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    defer { fixture.stop() }
    let client = try fixture.connect()
    #expect(try client.exchange("GET", "/plain").status == 204)
    let reply = try client.open("/socket")
    #expect(reply.status == 101)
    #expect(reply.fields["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    #expect(reply.fields["upgrade"] == "websocket")
    #expect(reply.fields["connection"] == "Upgrade")
    #expect(reply.fields["x-request-id"] != nil)
    #expect(reply.fields["sec-websocket-protocol"] == nil)
    client.sendFrame(0x82, [1, 2, 3])
    #expect(try client.readFrame() == frame(0x81, "3 x"))
    client.sendFrame(0x89, [7])
    #expect(try client.readFrame() == HTTPClient.Frame(0x8A, [7]))
    client.sendFrame(0x81, Array("bye".utf8))
    #expect(try client.readFrame().closeCode == 1000)
    #expect(client.isClosedByServer())
    waitUntil { fixture.server.load.openRequests == 0 }
  }

  @Test(
    "frames that come with the handshake's last packet are neither lost nor a second request",
    arguments: [false, true])
  func onePacket(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    defer { fixture.stop() }
    let client = try fixture.connect()
    let head = (["GET /socket HTTP/1.1", "Host: x"] + HTTPClient.handshake).joined(
      separator: "\r\n")
    let smuggled = Array("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
    client.send(
      Array("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n\(head)\r\n\r\n".utf8)
        + maskedFrame(0x82, smuggled) + maskedFrame(0x88, [3, 0xE8]))
    #expect(try client.reply().status == 204)
    #expect(try client.reply().status == 101)
    #expect(try client.readFrame().text == "\(smuggled.count) x")
    #expect(try client.readFrame().closeCode == 1000)
    #expect(client.isClosedByServer())
    client.closeSending()
    waitUntil { fixture.ended.count == 2 }
    #expect(fixture.ended.map(\.status) == [204, 101])
    #expect(fixture.ended.map(\.route) == ["/plain", "/socket"])
    #expect(fixture.ended[1].outcome == .answered)
  }

  @Test(
    "long texts are framed with the shortest form of their length", arguments: [124, 300, 70_000])
  func longTexts(count: Int) throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let client = try fixture.open("/socket?copies=\(count)")
    client.sendFrame(0x82, [1])
    let text = try client.readFrame().text
    #expect(text == "1 " + String(repeating: "x", count: count))
  }

  @Test(
    "a handshake that lacks something is refused with what it takes, and the connection ends",
    arguments: [
      ("Upgrade: websocket", "Upgrade: h2c", 426), ("Connection: keep-alive, Upgrade", "X: y", 426),
      ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", 426),
      ("Sec-WebSocket-Version: 13", "X: y", 426),
      ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: c2hvcnQ=", 400),
      ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "X: y", 400),
      ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13\r\nOrigin: https://b.example", 403),
      ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13\r\nOrigin: null", 403),
      ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13\r\nContent-Length: 0", 426),
    ])
  func handshakes(field: String, other: String, status: Int) throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let fields = HTTPClient.handshake.map { $0 == field ? other : $0 }
    let reply = try fixture.connect().exchange("GET", "/socket", fields)
    #expect(reply.status == status)
    if status == 426 {
      #expect(reply.fields["sec-websocket-version"] == "13")
      #expect(reply.fields["upgrade"] == "websocket")
    }
    #expect(try fixture.connect().open("/socket?refuse=1").status == 422)
    #expect(try fixture.connect().open("/plain").status == 400)
    #expect(try fixture.connect().open("/nothing").status == 404)
    waitUntil { fixture.server.load.openRequests == 0 }
  }

  @Test("a page of this server, or of an origin that may ask, opens one")
  func origins() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    _ = try fixture.open("/socket", ["Origin: https://a.example"])
    _ = try fixture.open("/socket", ["Origin: https://LOCALHOST"])
  }

  @Test("of a socket that offers a key, the word before it is chosen")
  func subprotocol() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let reply = try fixture.connect().open("/socket", ["Sec-WebSocket-Protocol: bearer, KEY"])
    #expect(reply.fields["sec-websocket-protocol"] == "bearer")
    let other = try fixture.connect().open("/socket", ["Sec-WebSocket-Protocol: chat"])
    #expect(other.status == 101)
    #expect(other.fields["sec-websocket-protocol"] == nil)
  }

  @Test(
    "what breaks the protocol or a limit is answered with its code",
    arguments: [
      ([0x81, 0x00], 1002), (maskedFrame(0x81, [0xFF]), 1007),
      (maskedFrame(0x82, [UInt8](repeating: 0, count: 500_001)), 1009),
      (maskedFrame(0x88, [3, 0xED]), 1002),
    ] as [([UInt8], Int)])
  func faults(bytes: [UInt8], code: Int) throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let client = try fixture.open()
    client.send(bytes)
    #expect(try client.readFrame().closeCode == code)
    #expect(client.isClosedByServer())
  }

  @Test("a problem is a text, and a code that goes with its status")
  func problem() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let client = try fixture.open()
    client.sendFrame(0x81, Array("no".utf8))
    #expect(try client.readFrame().text.contains(#""status":413,"detail":"no""#))
    #expect(try client.readFrame().closeCode == 1009)
  }

  @Test("more bytes than the route takes end it with 1009", arguments: [false, true])
  func limit(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    defer { fixture.stop() }
    let client = try fixture.open()
    for _ in 0..<4 { client.sendFrame(0x82, [UInt8](repeating: 0, count: 300_000)) }
    var frame = try client.readFrame()
    while frame.text.hasSuffix(" x") { frame = try client.readFrame() }
    #expect(frame.text.contains(#""status":413"#))
    #expect(try client.readFrame().closeCode == 1009)
    waitUntil { fixture.server.load.openRequests == 0 }
  }

  @Test("a client that is silent is asked whether it is there; one that does not answer is closed")
  func silence() throws {
    let fixture = try Fixture { $0.idleTimeout = .seconds(1) }
    defer { fixture.stop() }
    let client = try fixture.open()
    for _ in 0..<8 {
      #expect(try client.readFrame() == HTTPClient.Frame(0x89))
      client.sendFrame(0x8A)
    }
    client.sendFrame(0x82, [1])
    while try client.readFrame() != frame(0x81, "1 x") {}
    _ = client.readToEnd()
    waitUntil { fixture.server.load.openRequests == 0 }
  }

  @Test("a client that trickles for too long is closed with 1008")
  func slow() throws {
    let fixture = try Fixture { $0.bodyTimeout = .milliseconds(50) }
    defer { fixture.stop() }
    let client = try fixture.open()
    while fixture.server.load.openRequests > 0 {
      client.sendFrame(0x8A)
      usleep(5000)
    }
    #expect(try client.readFrame().text.contains(#""status":408"#))
    #expect(try client.readFrame().closeCode == 1008)
  }

  @Test("a client that never reads is given up once it owes too much", arguments: [false, true])
  func neverReads(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    defer { fixture.stop() }
    let client = try fixture.open("/socket?copies=5000")
    client.sendFrame(0x82, [1])
    waitUntil { fixture.server.load.openRequests == 0 }
  }

  @Test("clients that go at any moment leave nothing behind", arguments: [false, true])
  func disconnects(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS) { $0.maxStreams = 4 }
    defer { fixture.stop() }
    for round in 0..<40 {
      let client = try fixture.connect()
      client.send("GET", "/socket", HTTPClient.handshake)
      if round % 2 == 0 { _ = try client.reply() }
      if round % 3 == 0 { client.send([0x82]) }
      if round % 5 == 0 { client.sendFrame(0x82, [UInt8](repeating: 1, count: 60_000)) }
      client.abort()
    }
    waitUntil { fixture.server.load.openRequests == 0 && fixture.server.connections == 0 }
    _ = try fixture.open()
  }

  @Test("a client that goes while its socket is closed is counted as ended once")
  func countedOnce() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    for _ in 0..<300 {
      let client = try fixture.open()
      client.send([0xFF, 0xFF])
      _ = try client.readFrame()
    }
    waitUntil { fixture.ended.count == 300 && fixture.server.load.openRequests <= 0 }
    #expect(fixture.server.load.openRequests == 0)
  }

  @Test("so many are open at once and no more")
  func places() throws {
    let fixture = try Fixture { $0.maxStreams = 2 }
    defer { fixture.stop() }
    let clients = [try fixture.open(), try fixture.open()]
    #expect(try fixture.connect().open("/socket").status == 503)
    clients[0].sendFrame(0x88)
    #expect(try clients[0].readFrame().closeCode == 1000)
    try waitUntil { try fixture.connect().open("/socket").status == 101 }
  }

  @Test(
    "stopping waits for an open socket, and closes it with 1001 after the grace time",
    arguments: [false, true])
  func stopping(overTLS: Bool) throws {
    for grace in [Duration.seconds(20), .milliseconds(50)] {
      let fixture = try Fixture(overTLS: overTLS) { $0.graceTime = grace }
      let client = try fixture.open()
      let isComplete = Mutex<Bool?>(nil)
      let server = fixture.server
      Thread.start { isComplete.withLock { $0 = server.stop() } }
      waitUntil { server.load.isDraining }
      if grace == .seconds(20) {
        client.sendFrame(0x88)
        #expect(try client.readFrame().closeCode == 1000)
      } else {
        #expect(try client.readFrame().text.contains(#""status":503"#))
        #expect(try client.readFrame().closeCode == 1001)
      }
      waitUntil { isComplete.withLock { $0 != nil } }
      #expect(isComplete.withLock { $0 } == (grace == .seconds(20)))
    }
  }
}
