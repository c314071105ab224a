import Glibc
import HTTPServing
import Synchronization
import TestSupport
import Testing

/// A server whose routes use bodies as they arrive.
private final class Fixture: Sendable {
  let server: Server
  let ended = Counter()
  private let isSecure: Bool

  init(
    overTLS isSecure: Bool = false, _ adjust: (inout ServerConfiguration) -> Void = { _ in }
  ) throws {
    self.isSecure = isSecure
    var configuration = try ServerConfiguration.loopback(overTLS: isSecure)
    adjust(&configuration)
    let ended = self.ended
    server = try Server(
      configuration,
      router: Router([
        Route(
          streaming: .post, "/sum", limit: 30_000_000,
          when: { $0.target["live"] == nil },
          handler: { request in
            var (count, sum) = (0, 0)
            while let bytes = request.body.next() {
              count += bytes.count
              let last = sum
              guard
                let next = request.compute(.light, { bytes.reduce(last) { $0 &+ Int($1) } })
              else { break }
              sum = next
              if bytes.first == UInt8(ascii: "!") {
                return .problem(.unprocessableContent, detail: "no")
              }
            }
            return text("\(count) bytes, sum \(sum)")
          }),
        Route(
          streaming: .post, "/sum", limit: 30_000_000,
          handler: { request in
            request.answer.begin(text(""))
            let factor = request.request.head.target["live"].flatMap(Int.init) ?? 1
            while let bytes = request.body.next() {
              for _ in 0..<factor { request.answer.write(bytes) }
            }
            ended.add()
            return nil
          }),
      ]), queue: WorkQueue(workers: 1, capacity: 1))
  }

  func stop() { server.stop() }

  func connect() throws -> HTTPClient { try HTTPClient(port: server.port, overTLS: isSecure) }
}

private final class Counter: Sendable {
  private let value = Atomic<Int>(0)
  var count: Int { value.load(ordering: .relaxed) }
  func add() { value.add(1, ordering: .relaxed) }
}

private func text(_ text: String) -> Response {
  Response(contentType: "text/plain", body: Array(text.utf8))
}

private let chunkedHead = " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

@Suite("bodies used while they arrive")
struct StreamingTests {
  @Test("a body that comes in the server's first moment is used like any other")
  func firstMoment() throws {
    var configuration = try ServerConfiguration.loopback()
    // Making so many threads takes longer than accepting a connection that waits.
    configuration.maxStreams = 512
    let socket = try ListeningSocket(configuration)
    let client = try HTTPClient(port: socket.port)
    client.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
    let route = Route(
      streaming: .post, "/count", limit: 100,
      handler: { request in
        var count = 0
        while let bytes = request.body.next() { count += bytes.count }
        return text("\(count)")
      })
    let server = try Server(
      configuration, socket: socket, router: Router([route]),
      queue: WorkQueue(workers: 1, capacity: 1))
    defer { server.stop() }
    let reply = try client.reply()
    #expect(reply.status == 200)
    #expect(reply.text == "3")
  }

  @Test(
    "a body of any length reaches the handler whole, and the connection stays usable",
    arguments: [false, true])
  func whole(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    defer { fixture.stop() }
    let client = try fixture.connect()
    let body = (0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 5) | 0x80 }
    let expected = "4000000 bytes, sum \(body.reduce(0) { $0 + Int($1) })"
    #expect(try client.exchange("POST", "/sum", body: body).text == expected)
    #expect(try client.exchange("POST", "/sum", body: []).text == "0 bytes, sum 0")
    client.send("POST /sum" + chunkedHead)
    client.sendChunk([1, 2, 3])
    client.sendChunk([])
    #expect(try client.reply().text == "3 bytes, sum 6")
    #expect(try client.exchange("POST", "/sum").status == 411)
  }

  @Test(
    "an answer goes out piece by piece while the body still comes", arguments: [false, true])
  func live(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    defer { fixture.stop() }
    let client = try fixture.connect()
    client.readsByChunk = true
    client.send("POST /sum?live=1" + chunkedHead)
    for piece in ["one", "two", "three"] {
      client.sendChunk(Array(piece.utf8))
      if piece == "one" {
        let reply = try client.reply()
        #expect(reply.status == 200)
        #expect(reply.fields["content-type"] == "text/plain")
        #expect(reply.fields["x-request-id"] != nil)
      }
      #expect(try client.readChunk() == Array(piece.utf8))
    }
    client.sendChunk([])
    #expect(try client.readChunk() == nil)
    #expect(client.isClosedByServer())
  }

  @Test(
    "a client that reads nothing before it has sent everything gets the whole answer",
    arguments: [false, true])
  func sendsFirst(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    defer { fixture.stop() }
    let client = try fixture.connect()
    let body = (0..<500_000).map { UInt8(truncatingIfNeeded: $0 / 1000) }
    let reply = try client.exchange("POST", "/sum?live=15", body: body)
    #expect(reply.body.count == 7_500_000)
    #expect(reply.body.reduce(0) { $0 + Int($1) } == 15 * body.reduce(0) { $0 + Int($1) })
  }

  @Test(
    "a client that never reads is given up once it owes too much", arguments: [false, true])
  func neverReads(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    defer { fixture.stop() }
    let client = try fixture.connect()
    let body = [UInt8](repeating: 65, count: 1_000_000)
    client.send("POST", "/sum?live=40", body: body)
    waitUntil { fixture.ended.count == 1 }
    waitUntil { fixture.server.load.openRequests == 0 }
  }

  @Test(
    "clients that go in the middle of a live answer leave nothing behind", arguments: [false, true])
  func disconnects(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    defer { fixture.stop() }
    for round in 0..<40 {
      let client = try fixture.connect()
      client.readsByChunk = true
      client.send("POST /sum?live=20" + chunkedHead)
      for _ in 0...round % 4 { client.sendChunk([UInt8](repeating: 65, count: 60_000)) }
      if round % 2 == 0 { _ = try client.reply() }
      client.abort()
    }
    waitUntil { fixture.server.load.openRequests == 0 && fixture.server.connections == 0 }
    // Those that had an answer were being followed, the others perhaps not yet.
    waitUntil { fixture.ended.count >= 20 }
    #expect(try fixture.connect().exchange("POST", "/sum", body: [1]).text == "1 bytes, sum 1")
  }

  @Test(
    "a refusal in the middle of the body reaches the client at once", arguments: [false, true])
  func refusal(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    defer { fixture.stop() }
    let client = try fixture.connect()
    client.send("POST /sum" + chunkedHead)
    client.sendChunk(Array("!".utf8))
    let reply = try client.reply()
    #expect(reply.status == 422)
    #expect(reply.fields["connection"] == "close")
    waitUntil { fixture.server.load.openRequests == 0 }
  }

  @Test(
    "a body beyond the limit is refused, or its answer cut short where that has begun",
    arguments: [false, true])
  func tooLarge(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    defer { fixture.stop() }
    let client = try fixture.connect()
    client.send("POST /sum HTTP/1.1\r\nHost: x\r\nContent-Length: 30000001\r\n\r\n")
    #expect(try client.reply().status == 413)
    for target in ["/sum", "/sum?live=1"] {
      let client = try fixture.connect()
      client.send("POST \(target)" + chunkedHead)
      let chunk = [UInt8](repeating: 2, count: 1_000_000)
      for _ in 0..<31 { client.sendChunk(chunk) }
      if target == "/sum" {
        #expect(try client.reply().status == 413)
      } else {
        #expect(throws: HTTPClient.Failure.self) { try client.reply() }
      }
    }
    waitUntil { fixture.server.load.openRequests == 0 }
  }

  @Test("so many bodies are used at once and no more; a place is free when its client goes")
  func places() throws {
    let fixture = try Fixture { $0.maxStreams = 2 }
    defer { fixture.stop() }
    let clients = try (0..<2).map { _ in try fixture.connect() }
    for client in clients {
      client.readsByChunk = true
      client.send("POST /sum?live=1" + chunkedHead)
      client.sendChunk([1])
      #expect(try client.reply().status == 200)
    }
    let refused = try fixture.connect().exchange("POST", "/sum", body: [1])
    #expect(refused.status == 503)
    #expect(refused.fields["retry-after"] == "1")
    clients[0].abort()
    try waitUntil { try fixture.connect().exchange("POST", "/sum", body: [1]).status == 200 }
  }

  @Test("a body that trickles is refused; one that comes steadily has its time")
  func slow() throws {
    let fixture = try Fixture { $0.bodyTimeout = .milliseconds(50) }
    defer { fixture.stop() }
    let client = try fixture.connect()
    client.send("POST /sum HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
    waitUntil { fixture.server.load.openRequests == 1 }
    while fixture.server.load.openRequests > 0 {
      client.send("x")
      usleep(5000)
    }
    #expect(try client.reply().status == 408)
  }

  @Test(
    "stopping waits for a body under way, and ends it after the grace time",
    arguments: [false, true])
  func stopping(overTLS: Bool) throws {
    for grace in [Duration.seconds(20), .milliseconds(50)] {
      let fixture = try Fixture(overTLS: overTLS) { $0.graceTime = grace }
      let client = try fixture.connect()
      client.send("POST /sum" + chunkedHead)
      client.sendChunk([1])
      waitUntil { fixture.server.load.openRequests == 1 }
      let isComplete = Mutex<Bool?>(nil)
      let server = fixture.server
      Thread.start { isComplete.withLock { $0 = server.stop() } }
      waitUntil { server.load.isDraining }
      if grace == .seconds(20) { client.sendChunk([]) }
      let reply = try client.reply()
      #expect(reply.status == (grace == .seconds(20) ? 200 : 503))
      waitUntil { isComplete.withLock { $0 != nil } }
      #expect(isComplete.withLock { $0 } == (grace == .seconds(20)))
    }
  }
}
