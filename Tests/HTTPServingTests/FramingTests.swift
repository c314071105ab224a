import HTTPServing
import Synchronization
import TestSupport
import Testing

/// A server that tells what it was asked.
private final class Fixture: Sendable {
  let server: Server
  let records = Records()
  private let isSecure: Bool

  init(overTLS isSecure: Bool = false, policies: [RequestPolicy] = []) throws {
    self.isSecure = isSecure
    let configuration = try ServerConfiguration.loopback(overTLS: isSecure)
    let records = self.records
    server = try Server(
      configuration,
      router: Router(
        [
          Route(.get, "/healthz", handler: { _ in .response(text(Array("ok".utf8))) }),
          Route(
            .post, "/echo", body: .collect(limit: 1_000_000),
            handler: { request in .work { text(request.body) } }),
          Route(
            streaming: .post, "/stream", limit: 1_000_000,
            handler: { request in
              var body: [UInt8] = []
              while let bytes = request.body.next() { body += bytes }
              return text(body)
            }),
        ], policies: policies), queue: WorkQueue(workers: 1, capacity: 8),
      events: ServerEvents(requestEnded: records.add))
  }

  func connect() throws -> HTTPClient { try HTTPClient(port: server.port, overTLS: isSecure) }

  /// Whether all is over, and nothing is left for draining to wait for.
  func stopsCleanly() -> Bool { server.stop() }
}

private final class Records: Sendable {
  private let all = Mutex<[Int]>([])
  /// In ascending order: two threads serve connections.
  var statuses: [Int] { all.withLock { $0.sorted() } }
  func add(_ record: RequestRecord) { all.withLock { $0.append(record.status ?? 0) } }
}

private func text(_ body: [UInt8]) -> Response { Response(contentType: "text/plain", body: body) }

private let begin = "POST /echo HTTP/1.1\r\nHost: x\r\n"
private let beginChunks = "Transfer-Encoding: chunked\r\n\r\n"
private let inner = "GET /healthz HTTP/1.1\r\nHost: inner\r\n\r\n"

/// What a client sends, and the one answer it gets.
private let refused: [(String, Int)] = [
  ("GET /?" + String(repeating: "a&", count: 700) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414),
  ("GET /" + String(repeating: "a", count: 40_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414),
  (begin + String(repeating: "A: b\r\n", count: 120) + "\r\n", 431),
  (begin + "X: " + String(repeating: "a", count: 40_000) + "\r\n\r\n", 431),
  (begin + "Content-Length : \(inner.utf8.count)\r\n\r\n" + inner, 400),
  (begin + "Content-Length:\r\n \(inner.utf8.count)\r\n\r\n" + inner, 400),
  (begin + "Content-Length: 5\0x\r\n\r\nabcde", 400),
  (begin + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", 400),
  (begin + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nabcde", 400),
  (begin + "Transfer-Encoding: gzip\r\n\r\n" + inner, 501),
  (begin + "Transfer-Encoding: chunked\0x\r\n\r\n0\r\n\r\n", 400),
  ("GET /healthz\0x HTTP/1.1\r\nHost: x\r\n\r\n", 400),
  ("GET /healthz HTTP/1.1\r\n\r\n", 400),
  ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
  ("GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n", 505),
  ("GET /healthz HTTP/1.1\nHost: a\n\n", 400),
  (begin + beginChunks + "5\nabcde\n0\n\n", 400),
  (begin + beginChunks + "5\r\nabcdeXX0\r\n\r\n" + inner, 400),
  (
    begin + beginChunks + "5;" + String(repeating: "a", count: 40_000) + "\r\nabcde\r\n0\r\n\r\n",
    400
  ),
  (begin + beginChunks + "0\r\nX : y\r\n\r\n" + inner, 400),
  ("POST /stream HTTP/1.1\r\nHost: x\r\n" + beginChunks + "5\r\nabcde\r\nx\r\n", 400),
  ("POST /none HTTP/1.1\r\nHost: x\r\n" + beginChunks + "x\r\n" + inner, 400),
]

@Suite("requests that could be read in two ways")
struct FramingTests {
  @Test(
    "each is answered once, with a problem, and nothing behind it is taken for a request",
    arguments: [false, true])
  func refusals(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    for (bytes, status) in refused {
      let client = try fixture.connect()
      client.send(bytes + inner)
      let reply = try client.reply()
      #expect(reply.status == status, "\(bytes.prefix(120).debugDescription)")
      #expect(reply.fields["content-type"] == "application/problem+json")
      #expect(reply.fields["connection"] == "close")
      #expect(reply.fields["x-request-id"]?.count == 16)
      #expect(client.isClosedByServer(), "\(bytes.prefix(120).debugDescription)")
    }
    #expect(fixture.stopsCleanly())
    #expect(fixture.records.statuses == refused.map(\.1).sorted())
  }

  @Test("they count for the rate of their client")
  func limited() throws {
    let limiter = RateLimiter(perSecond: 0.001, burst: 2)
    let fixture = try Fixture(policies: [limiter.policy])
    for status in [400, 400, 429] {
      let client = try fixture.connect()
      client.send("GET /healthz HTTP/1.1\r\n\r\n")
      #expect(try client.reply().status == status)
    }
    #expect(fixture.stopsCleanly())
  }

  @Test("a request before one at fault is answered first", arguments: [false, true])
  func pipelined(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    for (bytes, status) in refused {
      let client = try fixture.connect()
      client.send(begin + beginChunks + "1\r\na\r\n0\r\n\r\n" + inner + bytes)
      #expect(try client.reply().text == "a")
      #expect(try client.reply().text == "ok")
      #expect(try client.reply().status == status)
    }
    #expect(fixture.stopsCleanly())
  }

  @Test(
    "a request that comes byte by byte is answered as one that comes at once",
    arguments: [false, true])
  func trickling(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    let client = try fixture.connect()
    for byte in (begin + beginChunks + "3\r\nabc\r\n0\r\nX: y\r\n\r\n" + inner).utf8 {
      client.send([byte])
    }
    #expect(try client.reply().text == "abc")
    #expect(try client.reply().text == "ok")
    #expect(fixture.stopsCleanly())
  }

  @Test(
    "many requests at once, of any size, are each answered in their order",
    arguments: [false, true])
  func crowded(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    let client = try fixture.connect()
    let sizes = (0..<40).map { $0 * $0 * 37 % 60_000 }
    var bytes: [UInt8] = []
    for size in sizes {
      let body = [UInt8](repeating: 66, count: size)
      let isChunked = size % 2 == 1
      bytes += Array(begin.utf8)
      bytes += Array((isChunked ? beginChunks : "Content-Length: \(size)\r\n\r\n").utf8)
      if isChunked { bytes += Array("\(String(size, radix: 16))\r\n".utf8) }
      bytes += body
      if isChunked { bytes += Array("\r\n0\r\n\r\n".utf8) }
    }
    client.send(bytes)
    for size in sizes { #expect(try client.reply().body.count == size) }
    #expect(fixture.stopsCleanly())
  }

  @Test(
    "what is unusual and clear is answered",
    arguments: [
      "GET http://x/healthz HTTP/1.1\r\nHost: y\r\n\r\n", "\r\n" + inner,
      "GET HTTPS://x:8080/healthz HTTP/1.1\r\nHost:\r\n\r\n", "GET /healthz HTTP/1.0\r\n\r\n",
      "GET http://x HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\n\r\n",
    ])
  func unusual(bytes: String) throws {
    let fixture = try Fixture()
    let client = try fixture.connect()
    client.send(bytes)
    let wanted = bytes.contains("healthz") ? 200 : 404
    #expect(try client.reply().status == wanted)
    #expect(fixture.stopsCleanly())
  }

  @Test(
    "clients that go in the middle of a header, or of a chunk's line, leave nothing behind",
    arguments: [false, true])
  func disconnects(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    for bytes in [begin, "G", begin + beginChunks, begin + beginChunks + "5;", refused[0].0] {
      let client = try fixture.connect()
      client.send(bytes)
      client.abort()
    }
    waitUntil { fixture.server.connections == 0 && fixture.server.load.openRequests == 0 }
    #expect(fixture.stopsCleanly())
  }

  @Test("blanks around a length are no part of it", arguments: ["5 ", "5\t", " \t5 \t ", "5"])
  func blankLength(value: String) throws {
    let fixture = try Fixture()
    let client = try fixture.connect()
    for _ in 0..<2 {
      client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length:\(value)\r\nX: y\r\n\r\nabcde")
      let reply = try client.reply()
      #expect(reply.status == 200)
      #expect(reply.text == "abcde")
    }
    #expect(fixture.stopsCleanly())
  }

  @Test("what the library itself refuses is answered once", arguments: [false, true])
  func refusedOnce(overTLS: Bool) throws {
    let fixture = try Fixture(overTLS: overTLS)
    for count in [450, 1000] {
      let client = try fixture.connect()
      client.send(begin + "Cookie: " + String(repeating: "a=b; ", count: count) + "\r\n\r\n")
      let answer = client.readToEnd()
      #expect(answer.hasPrefix("HTTP/1.1 431 "))
      #expect(answer.ranges(of: "HTTP/1.1").count == 1, "\(answer)")
    }
    #expect(fixture.stopsCleanly())
  }

  @Test("what the library itself refuses is over with its connection")
  func refusedByLibrary() throws {
    let fixture = try Fixture()
    // Within the limit of the header, and more than the library's memory for the connection holds beside it.
    let fields = (0..<90).map { "X\($0): " + String(repeating: "a", count: 350) + "\r\n" }
    for _ in 0..<20 {
      let client = try fixture.connect()
      client.send(
        begin + fields.joined() + "Cookie: " + String(repeating: "a=b;", count: 90) + "\r\n\r\n")
      _ = try? client.reply()
    }
    waitUntil { fixture.server.load.openRequests == 0 }
    #expect(fixture.stopsCleanly())
  }
}
