import Foundation
import Glibc
import Synchronization

/// An HTTP server on this machine's loopback that hands out one file, and may cut connections short.
final class LoopbackServer: Sendable {
  enum Manner: Sendable {
    /// Sends this many bytes of the body to each of the first connections, then all there are.
    case cutting([Int])
    /// As above, and knows nothing of ranges.
    case withoutRanges([Int])
    case status(Int)
  }

  let port: Int
  private let content: [UInt8]
  private let manner: Manner
  private let listener: Int32
  private let seen = Mutex<[String]>([])

  /// The head of every request that came.
  var requests: [String] { seen.withLock { $0 } }
  var address: String { "http://127.0.0.1:\(port)/corpus.zip" }

  init(_ content: [UInt8], _ manner: Manner) throws {
    self.content = content
    self.manner = manner
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe bind(listener, address, size) == 0 && listen(listener, 16) == 0
          && getsockname(listener, address, &size) == 0
      }
    }
    guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in while serve() {} }
  }

  /// Ends the thread: what it waits for then fails.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  deinit { close(listener) }

  private func serve() -> Bool {
    let client = accept(listener, nil, nil)
    guard client >= 0 else { return false }
    defer { close(client) }
    let head = readHead(client)
    let number = seen.withLock { seen in
      seen.append(head)
      return seen.count - 1
    }
    answer(head, number, client)
    return true
  }

  private func answer(_ head: String, _ number: Int, _ client: Int32) {
    switch manner {
    case .status(let status):
      send("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", client)
    case .cutting(let cuts): send(from: start(head), cuts, number, client)
    case .withoutRanges(let cuts): send(from: 0, cuts, number, client)
    }
  }

  private func send(from start: Int, _ cuts: [Int], _ number: Int, _ client: Int32) {
    let rest = content[min(start, content.count)...]
    let status =
      start > 0
      ? "206 Partial Content\r\nContent-Range: bytes \(start)-\(content.count - 1)/\(content.count)"
      : "200 OK"
    send(
      "HTTP/1.1 \(status)\r\nContent-Length: \(rest.count)\r\nConnection: close\r\n\r\n", client)
    send(Array(number < cuts.count ? rest.prefix(cuts[number]) : rest), client)
  }

  /// Where the range asked for begins.
  private func start(_ head: String) -> Int {
    let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("range: bytes=") }
    return line.flatMap { Int($0.dropFirst("range: bytes=".count).dropLast()) } ?? 0
  }

  private func readHead(_ client: Int32) -> String {
    var bytes: [UInt8] = []
    while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      var byte: UInt8 = 0
      guard unsafe read(client, &byte, 1) == 1 else { break }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func send(_ text: String, _ client: Int32) { send(Array(text.utf8), client) }

  private func send(_ bytes: [UInt8], _ client: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = unsafe rest.withUnsafeBytes {
        unsafe Glibc.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { return }
      rest = rest.dropFirst(sent)
    }
  }
}
