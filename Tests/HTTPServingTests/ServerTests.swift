import HTTPServing
import Synchronization
import TestSupport
import Testing

/// A server on a port of its own, with routes that show what it does.
private final class Fixture: Sendable {
  let server: Server
  let gate = Gate()
  let records = Records()

  init(
    workers: Int = 1, capacity: Int = 1,
    _ adjust: (inout ServerConfiguration) -> Void = { _ in }
  ) throws {
    var configuration = try ServerConfiguration.loopback()
    adjust(&configuration)
    let gate = self.gate
    let records = self.records
    let router = Router([
      Route(
        .get, "/healthz", whileDraining: .answer,
        handler: { request in
          .response(text(request.load.isDraining ? "draining" : "ok"))
        }),
      Route(
        .post, "/echo", body: .collect(limit: 1_000_000),
        handler: { .response(text(bytes: $0.body)) }),
      Route(
        .post, "/work", body: .collect(limit: 1_000_000),
        handler: { request in .work { text(bytes: request.body) } }),
      Route(
        .get, "/wait",
        handler: { _ in
          .work {
            gate.pass()
            return text("waited")
          }
        }),
      Route(
        .post, "/keep", body: .collect(limit: 1_000_000),
        handler: { request in
          .work {
            gate.pass()
            return text(bytes: request.body)
          }
        }),
      Route(
        .get, "/hold",
        handler: { _ in
          gate.pass()
          return .response(text("held"))
        }),
      Route(.get, "/peer", handler: { .response(text($0.head.peer)) }),
    ])
    server = try Server(
      configuration, router: router, queue: WorkQueue(workers: workers, capacity: capacity),
      events: ServerEvents(requestEnded: { records.add($0) }))
  }

  func stop() { server.stop() }

  func connect() throws -> HTTPClient { try HTTPClient(port: server.port) }
}

private func text(_ text: String) -> Response {
  .init(contentType: "text/plain", body: Array(text.utf8))
}
private func text(bytes: [UInt8]) -> Response { .init(contentType: "text/plain", body: bytes) }

/// Holds workers until it is opened.
private final class Gate: Sendable {
  private let state = Mutex((arrived: 0, isOpen: false))

  func pass() {
    state.withLock { $0.arrived += 1 }
    waitUntil { self.state.withLock { $0.isOpen } }
  }

  func open() { state.withLock { $0.isOpen = true } }
  func waitForArrivals(_ count: Int) { waitUntil { self.state.withLock { $0.arrived >= count } } }
}

private final class Records: Sendable {
  private let all = Mutex<[RequestRecord]>([])
  func add(_ record: RequestRecord) { all.withLock { $0.append(record) } }
  func waitFor(_ count: Int) -> [RequestRecord] {
    waitUntil { self.all.withLock { $0.count >= count } }
    // A copy of its own: ThreadSanitizer does not see how Swift counts who shares an array.
    return all.withLock { $0.map { $0 } }
  }
}

@Suite struct ServerTests {
  @Test("one connection carries many requests, also when they are sent at once")
  func keepAlive() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let client = try fixture.connect()
    for _ in 0..<3 { #expect(try client.exchange("GET", "/healthz").text == "ok") }
    #expect(try client.exchange("POST", "/work", body: Array("a".utf8)).text == "a")
    client.send("POST", "/work", body: Array("one".utf8))
    client.send("GET", "/healthz")
    client.send("POST", "/echo", body: Array("three".utf8))
    #expect(try client.reply().text == "one")
    #expect(try client.reply().text == "ok")
    #expect(try client.reply().text == "three")
  }

  @Test("HEAD has the fields of GET and no body")
  func head() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let client = try fixture.connect()
    let reply = try client.exchange("HEAD", "/healthz")
    #expect(reply.status == 200)
    #expect(reply.fields["content-length"] == "2")
    #expect(try client.exchange("GET", "/healthz").text == "ok")
  }

  @Test("what has no route is refused on a connection that stays usable")
  func refusals() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let client = try fixture.connect()
    #expect(try client.exchange("GET", "/nothing").status == 404)
    let reply = try client.exchange("DELETE", "/healthz")
    #expect(reply.status == 405)
    #expect(reply.fields["allow"] == "GET, HEAD, OPTIONS")
    #expect(try client.exchange("POST", "/nothing", body: Array("short body".utf8)).status == 404)
    #expect(try client.exchange("GET", "/%zz").status == 400)
    #expect(try client.exchange("POST", "/echo").status == 411)
    #expect(try client.exchange("OPTIONS", "/echo").status == 204)
    #expect(try client.exchange("GET", "/healthz").status == 200)
  }

  @Test("a chunked body arrives whole, also byte by byte")
  func chunked() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let client = try fixture.connect()
    client.send("POST /work HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    for piece in "5\r\nhello\r\n1;ext=1\r\n \r\n5\r\nworld\r\n0\r\n\r\n" {
      client.send(String(piece))
    }
    #expect(try client.reply().text == "hello world")
    let large = [UInt8](repeating: 7, count: 900_000)
    #expect(try client.exchange("POST", "/work", body: large).body == large)
  }

  @Test("a body with a clear length only is read")
  func framing() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    for (fields, status) in [
      ("Transfer-Encoding: gzip", 501), ("Transfer-Encoding: gzip, chunked", 501),
      ("Transfer-Encoding: chunked\r\nContent-Length: 3", 400),
      ("Content-Length: 3\r\nContent-Length: 4", 400), ("Content-Length: -1", 400),
      ("Content-Length: 99999999999999999999999", 413),
    ] {
      let client = try fixture.connect()
      client.send("POST /echo HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n")
      #expect(try client.reply().status == status, "\(fields)")
    }
  }

  @Test(
    "who has no key is answered before the body, which is not read to its end",
    arguments: ["Content-Length: 100000000", "Transfer-Encoding: chunked"])
  func strangers(framing: String) throws {
    let records = Records()
    var configuration = ServerConfiguration()
    (configuration.address, configuration.port) = ("127.0.0.1", 0)
    let route = Route(
      .post, "/", body: .collect(limit: 200_000_000), admit: { _ in .problem(.unauthorized) },
      handler: { _ in .response(Response(.ok)) })
    let server = try Server(
      configuration, router: Router([route]), queue: WorkQueue(workers: 1, capacity: 1),
      events: ServerEvents(requestEnded: records.add))
    defer { server.stop() }
    let client = try HTTPClient(port: server.port)
    client.send("POST / HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n")
    #expect(try client.reply().status == 401)
    let piece = "F4240\r\n" + String(repeating: "x", count: 1_000_000) + "\r\n"
    for _ in 0..<100 { client.send(piece) }
    let record = try #require(records.waitFor(1).first)
    #expect(record.receivedBytes < 20_000_000)
    #expect(record.problem == "about:blank")
  }

  @Test("100 Continue is sent for a body that is wanted, and not for one that is too large")
  func expectContinue() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let client = try fixture.connect()
    client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    #expect(try client.reply().status == 100)
    client.send("ab")
    #expect(try client.reply().text == "ab")
    client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1000001\r\n\r\n")
    let refusal = try client.reply()
    #expect(refusal.status == 413)
    #expect(refusal.fields["connection"] == "close")
    #expect(client.isClosedByServer())
  }

  @Test("a body said to be too large is refused before it comes")
  func tooLarge() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let client = try fixture.connect()
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000000\r\n\r\n")
    let reply = try client.reply()
    #expect(reply.status == 413)
    #expect(reply.fields["content-type"] == "application/problem+json")
    #expect(reply.fields["x-request-id"] != nil)
    #expect(client.isClosedByServer())
  }

  @Test("a client that sends all of a body too large before it listens still hears why")
  func tooLargeSentWhole() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let client = try fixture.connect()
    let body = [UInt8](repeating: 0, count: 20_000_000)
    #expect(try client.exchange("POST", "/echo", body: body).status == 413)
  }

  @Test("a chunked body is refused as soon as it has become too large")
  func tooLargeChunked() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let client = try fixture.connect()
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 0, count: 65536) + [13, 10]
    for _ in 0..<17 { client.send(chunk) }
    #expect(try client.reply().status == 413)
  }

  @Test("all bodies together take bounded memory")
  func bodyMemory() throws {
    let fixture = try Fixture { $0.maxBodyMemory = 50_000 }
    defer { fixture.stop() }
    let body = [UInt8](repeating: 1, count: 40_000)
    let first = try fixture.connect()
    first.send("POST", "/keep", body: body)
    fixture.gate.waitForArrivals(1)
    #expect(try fixture.connect().exchange("POST", "/echo", body: body).status == 503)
    fixture.gate.open()
    #expect(try first.reply().body == body)
    // The memory is free once the answer has left.
    try waitUntil { try fixture.connect().exchange("POST", "/echo", body: body).status == 200 }
  }

  @Test("a slow client is waited for, and one that takes too long is told so")
  func slowBody() throws {
    let fixture = try Fixture { $0.bodyTimeout = .milliseconds(50) }
    defer { fixture.stop() }
    let client = try fixture.connect()
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
    waitUntil { fixture.server.load.openRequests == 1 }
    while fixture.server.load.openRequests > 0 { client.send("x") }
    #expect(try client.reply().status == 408)
  }

  @Test("an idle connection is closed, and its request recorded as timed out")
  func idle() throws {
    let fixture = try Fixture { $0.idleTimeout = .seconds(1) }
    defer { fixture.stop() }
    let client = try fixture.connect()
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
    #expect(client.isClosedByServer())
    #expect(fixture.records.waitFor(1)[0].outcome == .timedOut)
  }

  @Test("a header too long is refused")
  func headerLimit() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let client = try fixture.connect()
    client.send(
      "GET /healthz HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "x", count: 60_000))\r\n\r\n")
    let reply = try client.reply()
    #expect(reply.status == 431)
    #expect(reply.fields["content-type"] == "application/problem+json")
    #expect(reply.fields["x-request-id"]?.count == 16)
    #expect(reply.text.contains(#""status":431"#))
  }

  @Test("bytes that are no HTTP are refused")
  func garbage() throws {
    let fixture = try Fixture { $0.idleTimeout = .seconds(1) }
    defer { fixture.stop() }
    for bytes in ["\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET /healthz HTTP/1.1\r\nno colon\r\n\r\n"] {
      let client = try fixture.connect()
      client.send(bytes)
      let status = (try? client.reply().status) ?? 400
      #expect((400...505).contains(status))
    }
    #expect(try fixture.connect().exchange("GET", "/healthz").status == 200)
  }

  @Test("a client that goes in the middle of its body or of its work leaves nothing behind")
  func disconnects() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    for _ in 0..<20 {
      let client = try fixture.connect()
      client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
      waitUntil { fixture.server.load.openRequests > 0 }
      client.abort()
      waitUntil { fixture.server.load.openRequests == 0 }
    }
    let client = try fixture.connect()
    client.send("GET", "/wait")
    fixture.gate.waitForArrivals(1)
    client.abort()
    fixture.gate.open()
    let records = fixture.records.waitFor(21)
    #expect(records.prefix(20).allSatisfy { $0.outcome == .disconnected && $0.status == nil })
    #expect(records.prefix(20).allSatisfy { $0.receivedBytes <= 4 && $0.route == "/echo" })
    #expect(records[20].route == "/wait")
    waitUntil { fixture.server.connections == 0 }
    #expect(fixture.server.load.openRequests == 0)
  }

  @Test("with all workers busy and the queue full, work is refused and health is answered")
  func busy() throws {
    let fixture = try Fixture(workers: 2, capacity: 1)
    defer { fixture.stop() }
    let clients = try (0..<3).map { _ in try fixture.connect() }
    for client in clients { client.send("GET", "/wait") }
    fixture.gate.waitForArrivals(2)
    waitUntil { fixture.server.load.queued == 1 }
    #expect(fixture.server.load.isFull)
    let other = try fixture.connect()
    let refused = try other.exchange("GET", "/wait")
    #expect(refused.status == 503)
    #expect(refused.fields["retry-after"] == "1")
    for _ in 0..<50 { #expect(try other.exchange("GET", "/healthz").text == "ok") }
    fixture.gate.open()
    for client in clients { #expect(try client.reply().text == "waited") }
    #expect(try other.exchange("GET", "/wait").text == "waited")
  }

  @Test("many idle and half-sent connections do not keep others from being served")
  func idleCrowd() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let crowd = try (0..<300).map { number in
      let client = try fixture.connect()
      if number % 2 == 0 { client.send("POST /work HTTP/1.1\r\nHost: x\r\nContent-Le") }
      return client
    }
    let client = try fixture.connect()
    for _ in 0..<20 { #expect(try client.exchange("POST", "/work", body: [65]).text == "A") }
    #expect(fixture.server.connections >= crowd.count)
    withExtendedLifetime(crowd) {}
  }

  @Test("however many clients speak at once, each is answered", arguments: [127, 128, 129, 256])
  func atOnce(count: Int) throws {
    // One thread serves everybody, and is held while they speak: it finds all of them at once.
    let fixture = try Fixture { $0.ioThreads = 1 }
    defer { fixture.stop() }
    let clients = try (0..<count).map { _ in
      let client = try fixture.connect()
      _ = try client.exchange("GET", "/healthz")
      return client
    }
    let holder = try fixture.connect()
    holder.send("GET", "/hold")
    fixture.gate.waitForArrivals(1)
    for client in clients { client.send("GET", "/healthz") }
    fixture.gate.open()
    for client in clients { #expect(try client.reply().text == "ok") }
  }

  @Test("stopping finishes running requests, refuses new ones, and closes")
  func draining() throws {
    let fixture = try Fixture(workers: 2, capacity: 2)
    defer { fixture.stop() }
    let running = try (0..<3).map { _ in try fixture.connect() }
    for client in running { client.send("GET", "/wait") }
    fixture.gate.waitForArrivals(2)
    waitUntil { fixture.server.load.queued == 1 }
    let other = try fixture.connect()
    #expect(try other.exchange("GET", "/healthz").text == "ok")
    let isComplete = Mutex<Bool?>(nil)
    let server = fixture.server
    Thread.start { isComplete.withLock { $0 = server.stop() } }
    waitUntil { server.load.isDraining }
    #expect(try other.exchange("GET", "/healthz").text == "draining")
    let refused = try fixture.connect().exchange("POST", "/work", body: [1])
    #expect(refused.status == 503)
    #expect(refused.fields["connection"] == "close")
    fixture.gate.open()
    for client in running { #expect(try client.reply().text == "waited") }
    waitUntil { isComplete.withLock { $0 != nil } }
    #expect(isComplete.withLock { $0 } == true)
    #expect(throws: HTTPClient.Failure.notConnected) { try fixture.connect() }
  }

  @Test("work that outlasts the grace time is answered with 503 and does not hold up the end")
  func graceTime() throws {
    let fixture = try Fixture { $0.graceTime = .milliseconds(50) }
    defer { fixture.stop() }
    let clients = try (0..<2).map { _ in try fixture.connect() }
    for client in clients { client.send("GET", "/wait") }
    fixture.gate.waitForArrivals(1)
    waitUntil { fixture.server.load.queued == 1 }
    #expect(!fixture.server.stop())
    for client in clients { #expect(try client.reply().status == 503) }
    fixture.gate.open()
  }

  @Test("a client's identifier is kept if it is plain, and replaced if not")
  func requestID() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let client = try fixture.connect()
    let kept = try client.exchange("GET", "/healthz", ["X-Request-ID: abc-1.2_3:4"])
    #expect(kept.fields["x-request-id"] == "abc-1.2_3:4")
    let replaced = try client.exchange("GET", "/healthz", ["X-Request-ID: a \"b\""])
    #expect(replaced.fields["x-request-id"]?.count == 16)
    let fresh = try client.exchange("GET", "/healthz")
    #expect(fresh.fields["x-request-id"] != replaced.fields["x-request-id"])
  }

  @Test("every request leaves one record of what happened")
  func records() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let client = try fixture.connect()
    _ = try client.exchange("POST", "/work?x=1", body: [1, 2, 3])
    _ = try client.exchange("GET", "/nothing")
    let records = fixture.records.waitFor(2)
    #expect(records[0].route == "/work")
    #expect(records[0].status == 200)
    #expect(records[0].receivedBytes == 3)
    #expect(records[0].sentBytes == 3)
    #expect(records[0].outcome == .answered)
    #expect(records[0].head?.peer == "127.0.0.1")
    #expect(records[0].times.total >= records[0].times.work)
    #expect(records[1].route == nil)
    #expect(records[1].status == 404)
    #expect(try client.exchange("GET", "/peer").text == "127.0.0.1")
  }

  @Test("a server that cannot listen says why")
  func startErrors() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    #expect(throws: ServerError.portInUse(fixture.server.port)) {
      try Fixture { $0.port = fixture.server.port }
    }
    #expect(throws: ServerError.self) { try Fixture { $0.address = "192.0.2.1" } }
    #expect(throws: ServerError.self) { try Fixture { $0.address = "no such host." } }
  }

  @Test("who connects to a bound socket before a server answers on it is answered then")
  func boundBefore() throws {
    let configuration = try ServerConfiguration.loopback()
    let socket = try ListeningSocket(configuration)
    let client = try HTTPClient(port: socket.port)
    client.send("GET", "/healthz")
    let router = Router([Route(.get, "/healthz", handler: { _ in .response(text("ok")) })])
    let server = try Server(
      configuration, socket: socket, router: router, queue: WorkQueue(workers: 1, capacity: 1))
    defer { server.stop() }
    #expect(try client.reply().text == "ok")
  }

  @Test("without an address it listens on IPv4 as well; 127.0.0.1 is shown as such")
  func anyAddress() throws {
    let fixture = try Fixture { $0.address = nil }
    defer { fixture.stop() }
    #expect(try fixture.connect().exchange("GET", "/peer").text == "127.0.0.1")
  }

  @Test(
    "a connection beyond a limit is told so and closed, health apart", arguments: [false, true])
  func connectionLimit(perAddress: Bool) throws {
    let fixture = try Fixture {
      if perAddress { $0.maxConnectionsPerAddress = 2 } else { $0.maxConnections = 2 }
    }
    defer { fixture.stop() }
    let clients = try (0..<2).map { _ in try fixture.connect() }
    for client in clients { #expect(try client.exchange("GET", "/healthz").status == 200) }
    for body in [1, 900_000] {
      let third = try fixture.connect()
      let refused = try third.exchange("POST", "/work", body: [UInt8](repeating: 0, count: body))
      #expect(refused.status == 503)
      #expect(refused.fields["content-type"] == "application/problem+json")
      #expect(refused.fields["connection"] == "close")
      #expect(refused.fields["retry-after"] == "1")
      #expect(third.isClosedByServer())
    }
    let health = try fixture.connect().exchange("GET", "/healthz")
    #expect(health.status == 200)
    #expect(health.fields["connection"] == "close")
    #expect(try clients[0].exchange("POST", "/work", body: [65]).text == "A")
    clients[1].abort()
    try waitUntil {
      try fixture.connect().exchange("POST", "/work", body: [65]).status == 200
    }
  }

  @Test("far more connections than the limit leave the server as it was")
  func connectionFlood() throws {
    let fixture = try Fixture {
      $0.maxConnectionsPerAddress = 1
      $0.idleTimeout = .seconds(1)
    }
    defer { fixture.stop() }
    let client = try fixture.connect()
    #expect(try client.exchange("POST", "/work", body: [65]).text == "A")
    let crowd = try (0..<600).map { _ in try fixture.connect() }
    #expect(try client.exchange("POST", "/work", body: [65]).text == "A")
    // Those beyond the reserve are closed at once, the others as soon as they have been silent for long enough.
    for other in crowd { #expect(other.isClosedByServer()) }
    waitUntil { fixture.server.connections <= 1 }
  }
}
