import HTTPServing
import Synchronization
import TestSupport
import Testing

/// A server whose handlers wait, compute, and tell what happens to them.
private final class Fixture: Sendable {
  let server: Server
  let events = Events()
  let gate = Gate()

  init(workers: Int = 1, _ adjust: (inout ServerConfiguration) -> Void = { _ in }) throws {
    var configuration = try ServerConfiguration.loopback()
    // Each test's clients say who they are.
    configuration.proxies = 1
    adjust(&configuration)
    let (events, gate) = (events, gate)
    server = try Server(
      configuration,
      router: Router([
        Route(.get, "/light/{name}") { request in
          .work {
            events.add(request.parameters["name"] ?? "")
            return text("light")
          }
        },
        Route(.get, "/block/{weight}") { request in
          let weight: WorkWeight = request.parameters["weight"] == "heavy" ? .heavy : .light
          return .blocking { context in
            let result = context.compute(weight) {
              events.add("blocks")
              gate.pass()
              return "computed"
            }
            events.add(result ?? "dropped")
            return text(result ?? "dropped")
          }
        },
        Route(.get, "/watch") { _ in
          .blocking { context in
            events.add("watches")
            waitUntil { context.isAbandoned }
            events.add("abandoned")
            return text("")
          }
        },
        Route(.get, "/pieces") { _ in
          .blocking { context in
            context.answer.begin(text(""))
            for piece in ["one", "two", "three"] { context.answer.write(Array(piece.utf8)) }
            return nil
          }
        },
        Route(
          streaming: .post, "/stream", limit: 1000,
          handler: { request in
            while request.body.next() != nil {}
            events.add("read")
            waitUntil { request.isAbandoned }
            events.add("abandoned")
            return text("")
          }),
      ]), queue: WorkQueue(workers: workers, capacity: 8))
  }

  func client(_ address: String) throws -> (HTTPClient, [String]) {
    (try HTTPClient(port: server.port), ["X-Forwarded-For: \(address)"])
  }

  /// Sends a request of a client.
  func ask(_ target: String, from address: String = "192.0.2.1") throws -> HTTPClient {
    let (client, fields) = try client(address)
    client.send("GET", target, fields)
    return client
  }
}

private final class Events: Sendable {
  private let all = Mutex<[String]>([])
  /// Made under the lock: a copy that is read after it shares its storage with whoever adds next.
  var list: [String] { all.withLock { $0.map { $0 } } }
  func add(_ event: String) { all.withLock { $0.append(event) } }
  func waitFor(_ event: String) { waitUntil { list.contains(event) } }
}

private final class Gate: Sendable {
  private let isOpen = Mutex(false)
  func pass() { waitUntil { isOpen.withLock { $0 } } }
  func open() { isOpen.withLock { $0 = true } }
}

private func text(_ text: String) -> Response {
  Response(contentType: "text/plain", body: Array(text.utf8))
}

@Suite("requests on blocking threads")
struct BlockingTests {
  @Test("what a worker computes is answered, and the connection stays usable")
  func computes() throws {
    let fixture = try Fixture()
    defer { fixture.server.stop() }
    fixture.gate.open()
    let client = try HTTPClient(port: fixture.server.port)
    for weight in ["light", "heavy"] {
      #expect(try client.exchange("GET", "/block/\(weight)").text == "computed")
    }
    #expect(try client.exchange("GET", "/light/a").text == "light")
  }

  @Test("an answer may be written as it comes")
  func pieces() throws {
    let fixture = try Fixture()
    defer { fixture.server.stop() }
    let client = try HTTPClient(port: fixture.server.port)
    let reply = try client.exchange("GET", "/pieces")
    #expect(reply.status == 200 && reply.text == "onetwothree")
    #expect(reply.fields["x-request-id"] != nil)
    #expect(client.isClosedByServer())
  }

  @Test("to a client of HTTP/1.0 it goes without chunks, up to the connection's end")
  func oldPieces() throws {
    let fixture = try Fixture()
    defer { fixture.server.stop() }
    let client = try HTTPClient(port: fixture.server.port)
    client.send("GET /pieces HTTP/1.0\r\n\r\n")
    let reply = try client.reply()
    #expect(reply.status == 200)
    #expect(reply.fields["transfer-encoding"] == nil)
    #expect(client.readToEnd() == "onetwothree")
  }

  @Test("heavy work of one client does not hold up light work of another, nor of itself")
  func weights() throws {
    let fixture = try Fixture()
    defer { fixture.server.stop() }
    let heavy = try (0..<3).map { _ in try fixture.ask("/block/heavy") }
    fixture.events.waitFor("blocks")
    for address in ["192.0.2.1", "192.0.2.2"] {
      #expect(try fixture.ask("/light/a", from: address).reply().text == "light")
    }
    fixture.gate.open()
    for client in heavy { #expect(try client.reply().text == "computed") }
  }

  @Test("clients with work waiting take turns, the networks of IPv6 as one client each")
  func turns() throws {
    let fixture = try Fixture()
    defer { fixture.server.stop() }
    let blocker = try fixture.ask("/block/light", from: "192.0.2.9")
    fixture.events.waitFor("blocks")
    var clients: [HTTPClient] = []
    for (address, name) in [
      ("2001:db8::1", "a1"), ("2001:db8::2", "a2"), ("2001:db8::3", "a3"), ("2001:db8:1::1", "b1"),
    ] {
      clients.append(try fixture.ask("/light/\(name)", from: address))
      waitUntil { fixture.server.load.queued == clients.count }
    }
    fixture.gate.open()
    for client in clients { #expect(try client.reply().text == "light") }
    _ = try blocker.reply()
    #expect(fixture.events.list.filter { $0.count == 2 } == ["a1", "b1", "a2", "a3"])
  }

  @Test("work that waits is dropped when its client leaves")
  func dropped() throws {
    let fixture = try Fixture()
    defer { fixture.server.stop() }
    let blocker = try fixture.ask("/block/heavy")
    fixture.events.waitFor("blocks")
    let second = try fixture.ask("/block/heavy", from: "192.0.2.2")
    second.abort()
    fixture.events.waitFor("dropped")
    fixture.gate.open()
    #expect(try blocker.reply().text == "computed")
    #expect(fixture.events.list.filter { $0 == "blocks" }.count == 1)
  }

  @Test("a handler learns that its client has left or closed its side", arguments: [false, true])
  func abandoned(isHalf: Bool) throws {
    let fixture = try Fixture()
    let client = try fixture.ask("/watch")
    fixture.events.waitFor("watches")
    #expect(!fixture.events.list.contains("abandoned"))
    if isHalf { client.closeSending() } else { client.abort() }
    fixture.events.waitFor("abandoned")
    waitUntil { fixture.server.load.openRequests == 0 }
    #expect(fixture.server.stop())
  }

  @Test("a stream whose body has come learns that its client has left")
  func abandonedStream() throws {
    let fixture = try Fixture()
    let (client, fields) = try fixture.client("192.0.2.1")
    client.send("POST", "/stream", fields, body: [1, 2, 3])
    fixture.events.waitFor("read")
    client.abort()
    fixture.events.waitFor("abandoned")
    waitUntil { fixture.server.load.openRequests == 0 }
    #expect(fixture.server.stop())
  }

  @Test("short work is answered to a client that has closed its side")
  func halfClosed() throws {
    let fixture = try Fixture()
    defer { fixture.server.stop() }
    let client = try fixture.ask("/light/a")
    client.closeSending()
    #expect(try client.reply().text == "light")
  }

  @Test("stopping after the grace time drops what waits, and tells what runs")
  func stopping() throws {
    let fixture = try Fixture { $0.graceTime = .milliseconds(20) }
    let clients = try [fixture.ask("/block/heavy"), fixture.ask("/watch")]
    fixture.events.waitFor("blocks")
    fixture.events.waitFor("watches")
    let waiting = try fixture.ask("/block/heavy")
    waitUntil { fixture.server.load.openRequests == 3 }
    #expect(!fixture.server.stop())
    fixture.events.waitFor("dropped")
    fixture.events.waitFor("abandoned")
    fixture.gate.open()
    for client in clients + [waiting] { #expect(try client.reply().status == 503) }
  }

  @Test("a client that fills the queue gives places back to others, and has none beyond")
  func places() throws {
    let fixture = try Fixture()
    defer { fixture.server.stop() }
    let blocker = try fixture.ask("/block/light", from: "192.0.2.9")
    fixture.events.waitFor("blocks")
    var greedy: [HTTPClient] = []
    for number in 0..<8 {
      greedy.append(try fixture.ask("/light/a\(number)"))
      waitUntil { fixture.server.load.queued == number + 1 }
    }
    let refused = try fixture.ask("/light/a8").reply()
    #expect(refused.status == 503)
    #expect(refused.fields["retry-after"] == "1")
    let other = try fixture.ask("/light/b0", from: "192.0.2.2")
    #expect(try greedy[7].reply().status == 503)
    fixture.gate.open()
    #expect(try other.reply().text == "light")
    for client in greedy[..<7] { #expect(try client.reply().text == "light") }
    _ = try blocker.reply()
    let order = fixture.events.list.filter { $0.count == 2 }
    #expect(order == ["a0", "b0", "a1", "a2", "a3", "a4", "a5", "a6"])
  }

  @Test("one client never has all blocking threads, and more than have room are refused")
  func share() throws {
    // There are four blocking threads, of which one client alone may have three; eight may wait.
    let fixture = try Fixture()
    defer { fixture.server.stop() }
    let greedy = try (0..<12).map { number in
      let client = try fixture.ask("/watch")
      waitUntil { fixture.server.load.openRequests == number + 1 }
      return client
    }
    let refused = try fixture.ask("/watch").reply()
    #expect(refused.status == 503)
    #expect(refused.fields["retry-after"] == "1")
    fixture.gate.open()
    #expect(try fixture.ask("/block/heavy", from: "192.0.2.2").reply().text == "computed")
    #expect(fixture.events.list.filter { $0 == "watches" }.count == 3)
    for client in greedy { client.abort() }
  }
}
