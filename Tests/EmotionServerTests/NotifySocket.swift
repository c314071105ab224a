import Glibc

/// A service manager's end of `sd_notify`: a datagram socket.
final class NotifySocket {
  private let descriptor: Int32
  private let path: String

  /// - Parameter path: A file's, or `@` and an abstract name.
  init?(_ path: String) {
    self.path = path
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var patience = timeval(tv_sec: 30, tv_usec: 0)
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.utf8)
    if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    let isBound = unsafe withUnsafeBytes(of: address) {
      unsafe bind(
        descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), length) == 0
    }
    guard isBound else { return nil }
  }

  deinit {
    close(descriptor)
    if !path.hasPrefix("@") { unsafe unlink(path) }
  }

  /// The next datagram's lines, by name; nothing after half a minute.
  func next() -> [String: String] {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    let pairs = text.split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1) }
    return pairs.reduce(into: [:]) { $0[String($1[0])] = String($1.last ?? "") }
  }
}
