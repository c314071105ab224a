import Glibc

/// Tells systemd how the service is (`sd_notify`'s protocol: a datagram to the socket that `NOTIFY_SOCKET` names).
/// Without a manager that listens, nothing happens.
struct ServiceManager: Sendable {
  private let socketPath: String?

  init(environment: [String: String]) { socketPath = environment["NOTIFY_SOCKET"] }

  func ready(_ status: String) { send("READY=1\nSTATUS=\(status)") }

  func reloading() {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    let microseconds = now.tv_sec * 1_000_000 + now.tv_nsec / 1000
    send("RELOADING=1\nMONOTONIC_USEC=\(microseconds)")
  }

  func stopping() { send("STOPPING=1\nSTATUS=finishing running requests") }

  private func send(_ message: String) {
    guard let socketPath, !socketPath.isEmpty else { return }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var path = Array(socketPath.utf8)
    // "@" stands for the zero byte of an abstract socket's name.
    if path[0] == UInt8(ascii: "@") { path[0] = 0 }
    guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
    let length = MemoryLayout<sa_family_t>.size + path.count
    let bytes = Array(message.utf8)
    unsafe withUnsafeBytes(of: address) { address in
      unsafe bytes.withUnsafeBytes { bytes in
        _ = unsafe sendto(
          descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL),
          address.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(length))
      }
    }
  }
}
