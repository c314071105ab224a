import Glibc

/// A client's address: numeric, without a port.
public struct ClientAddress: Sendable, Equatable {
  /// `192.0.2.7`, `2001:db8::7`; an IPv4 address within IPv6 is shown as IPv4.
  public let text: String
  /// What counts as one client: the address, or of IPv6 the network of 64 bits that one subscriber has.
  public let group: String

  /// Takes what proxies write: `192.0.2.7`, `192.0.2.7:80`, `2001:db8::7`, `[2001:db8::7]`, `[2001:db8::7]:80`.
  /// - Returns: nil for what is no address.
  public init?(_ written: String) {
    let host = Self.host(of: written)
    if let text = numeric(host, AF_INET, size: 4)?.text {
      self.text = text
      group = text
    } else if let (bytes, text) = numeric(host, AF_INET6, size: 16) {
      let isMapped = text.hasPrefix("::ffff:") && text.contains(".")
      self.text = isMapped ? String(text.dropFirst(7)) : text
      group = isMapped ? self.text : network(bytes)
    } else {
      return nil
    }
  }

  private static func host(of written: String) -> String {
    if written.first == "[" {
      let parts = written.dropFirst().split(separator: "]", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1].isEmpty || isPort(parts[1]) else { return "" }
      return String(parts[0])
    }
    let parts = written.split(separator: ":", omittingEmptySubsequences: false)
    // A link's own addresses may name the link: fe80::1%eth0.
    guard parts.count == 2, isPort(":" + parts[1]) else {
      return String(written.prefix { $0 != "%" })
    }
    return String(parts[0])
  }

  private static func isPort(_ text: some StringProtocol) -> Bool {
    text.first == ":" && (2...6).contains(text.utf8.count) && UInt16(text.dropFirst()) != nil
  }
}

/// The address's bytes, and the text that it is written as.
private func numeric(_ host: String, _ family: Int32, size: Int) -> (bytes: [UInt8], text: String)?
{
  guard host.utf8.count < 46, !host.utf8.contains(0) else { return nil }
  var bytes = [UInt8](repeating: 0, count: size)
  guard unsafe inet_pton(family, host, &bytes) == 1 else { return nil }
  return (bytes, text(bytes, family))
}

private func network(_ bytes: [UInt8]) -> String {
  text(Array(bytes[..<8]) + [UInt8](repeating: 0, count: 8), AF_INET6) + "/64"
}

private func text(_ bytes: [UInt8], _ family: Int32) -> String {
  unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
    let written = unsafe inet_ntop(family, bytes, buffer.baseAddress, socklen_t(buffer.count))
    return unsafe written.map { unsafe String(cString: $0) } ?? ""
  }
}
