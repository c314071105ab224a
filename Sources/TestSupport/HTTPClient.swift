import Glibc

/// An HTTP client that sends exactly the bytes it is told to, for tests of servers on this machine.
///
/// A read that gets nothing for half a minute fails, so that a server that hangs fails a test instead of stopping it.
public final class HTTPClient {
  private let descriptor: Int32
  private let tls: TLSClient?
  private var received: [UInt8] = []

  public enum Failure: Error, Equatable {
    case notConnected
    /// The connection ended, or nothing came, before the answer was complete.
    case noAnswer(soFar: String)
    case malformed(String)
  }

  /// An answer, with its field names in lower case.
  public struct Reply: Sendable {
    public let status: Int
    public let fields: [String: String]
    public let body: [UInt8]
    public var text: String { String(decoding: body, as: UTF8.self) }
  }

  /// Connects to a port of 127.0.0.1.
  /// What the server proves itself with, as PEM text; nil without TLS.
  public var peerCertificate: String? { tls?.peerCertificate }

  public init(port: Int, overTLS: Bool = false, tlsPriorities: String? = nil) throws {
    let descriptor = try connectedSocket(port)
    self.descriptor = descriptor
    do {
      tls = try overTLS ? TLSClient(descriptor: descriptor, priorities: tlsPriorities) : nil
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// - Returns: false when the server has closed the connection.
  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe tls?.send($0)
          ?? Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  @discardableResult
  public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Sends a whole request with its length.
  @discardableResult
  public func send(
    _ method: String, _ target: String, _ fields: [String] = [], body: [UInt8]? = nil
  ) -> Bool {
    var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost"] + fields
    if let body { lines.append("Content-Length: \(body.count)") }
    return send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? []))
  }

  /// Reads one answer.
  /// - Parameter toHead: Whether the request's method was HEAD: the answer has no body then.
  public func reply(toHead: Bool = false) throws -> Reply {
    let head = try readHead()
    let lines = head.split(separator: "\r\n").map(String.init)
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count >= 2, let status = Int(words[1]) else { throw Failure.malformed(head) }
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { throw Failure.malformed(line) }
      fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
    }
    let hasBody = !toHead && status >= 200 && status != 204 && status != 304
    guard hasBody, fields["transfer-encoding"] == "chunked" else {
      let length = hasBody ? Int(fields["content-length"] ?? "0") ?? 0 : 0
      return Reply(status: status, fields: fields, body: try readBody(length))
    }
    var body: [UInt8] = []
    while !readsByChunk, let chunk = try readChunk() { body += chunk }
    return Reply(status: status, fields: fields, body: body)
  }

  /// Leaves the chunks of an answer for `readChunk`.
  public var readsByChunk = false

  /// Reads one chunk of an answer; nil after the last.
  public func readChunk() throws -> [UInt8]? {
    let size = try readThrough([13, 10])
    guard let count = Int(size, radix: 16) else { throw Failure.malformed(size) }
    let chunk = try readBody(count)
    guard try readThrough([13, 10]).isEmpty else { throw Failure.malformed(size) }
    return count == 0 ? nil : chunk
  }

  /// Sends one chunk of a body; none ends it.
  @discardableResult
  public func sendChunk(_ bytes: [UInt8]) -> Bool {
    send(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [13, 10])
  }

  /// Sends a request and reads its answer.
  public func exchange(
    _ method: String, _ target: String, _ fields: [String] = [], body: [UInt8]? = nil
  ) throws -> Reply {
    send(method, target, fields, body: body)
    return try reply(toHead: method == "HEAD")
  }

  /// Whether the server ends the connection, with nothing more to read before.
  public func isClosedByServer() -> Bool { received.isEmpty && !fill() }

  /// Whether something has come that is not read yet.
  public var hasReply: Bool {
    var socket = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe !received.isEmpty || poll(&socket, 1, 0) == 1
  }

  /// Whether the server has ended the TLS session in TLS's own way (close_notify).
  public private(set) var hasGoodbye = false

  /// All that comes until the server closes the connection.
  public func readToEnd() -> String {
    while fill() {}
    defer { received = [] }
    return String(decoding: received, as: UTF8.self)
  }

  /// Says that nothing more will be sent, and still listens.
  public func closeSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Ends the connection at once, with a reset.
  public func abort() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  private func readHead() throws -> String { try readThrough([13, 10, 13, 10]) }

  /// The text before `end`, which is passed.
  private func readThrough(_ end: [UInt8]) throws -> String {
    while true {
      if let start = received.firstIndex(of: end) {
        let text = String(decoding: received[..<start], as: UTF8.self)
        received.removeFirst(start + end.count)
        return text
      }
      if !fill() { throw Failure.noAnswer(soFar: String(decoding: received, as: UTF8.self)) }
    }
  }

  func readBody(_ length: Int) throws -> [UInt8] {
    while received.count < length {
      if !fill() { throw Failure.noAnswer(soFar: String(decoding: received, as: UTF8.self)) }
    }
    defer { received.removeFirst(length) }
    return Array(received[..<length])
  }

  private func fill() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    var count: Int
    repeat {
      count = unsafe buffer.withUnsafeMutableBytes {
        unsafe tls?.receive($0) ?? recv(descriptor, $0.baseAddress, $0.count, 0)
      }
      // A read that has a time limit is not gone on with when the process has been stopped for a while.
    } while count < 0 && errno == EINTR
    if count > 0 { received += buffer[..<count] }
    if count == 0 && tls != nil { hasGoodbye = true }
    return count > 0
  }
}

extension [UInt8] {
  fileprivate func firstIndex(of pattern: [UInt8]) -> Int? {
    indices.dropLast(pattern.count - 1).first {
      self[$0..<$0 + pattern.count].elementsEqual(pattern)
    }
  }
}

private func connectedSocket(_ port: Int) throws -> Int32 {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var timeout = timeval(tv_sec: 30, tv_usec: 0)
  unsafe setsockopt(
    descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(port).bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  let code = unsafe withUnsafeBytes(of: address) {
    unsafe connect(
      descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
  }
  if code != 0 {
    close(descriptor)
    throw HTTPClient.Failure.notConnected
  }
  return descriptor
}
