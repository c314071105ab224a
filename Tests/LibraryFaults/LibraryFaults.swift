import Glibc
import TestSupport

/// Shows what a library does by itself: this program has none of the functions of `Workarounds`, which every test has.
///
/// It prints what it finds wrong, a line each. Nothing printed means that the workaround of that name can go.
@main
struct LibraryFaults {
  private static let checks: [String: @Sendable () throws -> [String]] = [
    "event_batches": eventBatches, "error_pages": errorPages, "guarded_reads": guardedReads,
    "tls_turns": tlsTurns,
  ]

  static func main() throws {
    guard let name = CommandLine.arguments.dropFirst().first, let check = checks[name] else {
      print("usage: library-faults \(checks.keys.sorted().joined(separator: "|"))")
      exit(64)
    }
    signal(SIGPIPE, SIG_IGN)
    for fault in try check() { print(fault) }
  }

  /// Clients that speak at once, while the only thread is held, are left alone when they are exactly 128.
  private static func eventBatches() throws -> [String] {
    guard try missing(of: 127) == 0 else { throw NoVerdict(reason: "127 clients are not answered") }
    let missing = try missing(of: 128)
    return missing == 0
      ? [] : ["of 128 clients that spoke at once, \(missing) got no answer in 5 s"]
  }

  /// - Returns: How many of so many clients have no answer after five seconds.
  private static func missing(of count: Int) throws -> Int {
    let daemon = try LibraryDaemon()
    defer { daemon.stop() }
    let clients = try (0..<count).map { _ in
      let client = try HTTPClient(port: daemon.port)
      _ = try client.exchange("GET", "/")
      return client
    }
    let holder = try HTTPClient(port: daemon.port)
    holder.send("GET", "/hold")
    daemon.waitUntilHeld()
    for client in clients { client.send("GET", "/") }
    daemon.release()
    usleep(5_000_000)
    return clients.count { !$0.hasReply }
  }

  /// A header that does not fit is answered with a page of HTML, and its head is sent twice.
  private static func errorPages() throws -> [String] {
    let daemon = try LibraryDaemon()
    defer { daemon.stop() }
    let answers = try [450, 1000].map { count in
      let client = try HTTPClient(port: daemon.port)
      let cookie = String(repeating: "a=b; ", count: count)
      client.send("GET / HTTP/1.1\r\nHost: x\r\nCookie: \(cookie)\r\n\r\n")
      return client.readToEnd()
    }
    guard answers.allSatisfy({ $0.hasPrefix("HTTP/1.1 4") }) else {
      throw NoVerdict(reason: "no refusal: \(answers)")
    }
    return [
      answers.contains { $0.contains("<html>") } ? "the library's own page is HTML" : nil,
      answers.contains { $0.ranges(of: "HTTP/1.1 ").count > 1 }
        ? "the head of the answer is sent twice" : nil,
    ].compactMap(\.self)
  }

  /// Requests that RFC 9112 has refused are answered, at the library's strictest level.
  private static func guardedReads() throws -> [String] {
    let daemon = try LibraryDaemon()
    defer { daemon.stop() }
    let requests = [
      "a blank before a colon": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 1\r\n\r\na",
      "a field in two lines": "GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n",
      "a line that ends in LF": "GET / HTTP/1.1\nHost: x\n\n",
      "a second Host field": "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
      "a second length":
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
    ]
    return try requests.keys.sorted().filter { name in
      let client = try HTTPClient(port: daemon.port)
      client.send(requests[name] ?? "")
      return try client.reply().status == 200
    }.map { "\($0) is accepted" }
  }

  /// The library says goodbye (`gnutls_bye`) on its own thread as soon as a client has closed its side, although the
  /// request is not answered: another thread might be sending at that moment.
  private static func tlsTurns() throws -> [String] {
    let daemon = try LibraryDaemon(overTLS: true)
    defer { daemon.stop() }
    let client = try HTTPClient(port: daemon.port, overTLS: true)
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na")
    daemon.waitUntilBody()
    client.closeSending()
    let answer = client.readToEnd()
    guard answer.isEmpty else { throw NoVerdict(reason: "it was answered: \(answer)") }
    return client.hasGoodbye ? ["the library says goodbye in the middle of a request"] : []
  }
}

/// The check did not come as far as the fault.
private struct NoVerdict: Error {
  let reason: String
}
