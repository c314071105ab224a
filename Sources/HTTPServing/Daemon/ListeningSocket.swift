import CMicrohttpd
import Glibc

/// A bound and listening TCP socket, closed when it goes unless somebody else took it over.
///
/// Clients may connect from now on; who answers them is a ``Server``.
public struct ListeningSocket: ~Copyable {
  private let descriptor: Int32
  public let port: Int

  /// Binds to the address and port of a configuration. Without an address to every one: one IPv6 socket that takes
  /// IPv4 too, or IPv4 where there is no IPv6.
  public init(_ configuration: ServerConfiguration) throws(ServerError) {
    let choices = try SocketAddress.resolve(configuration.address, port: configuration.port)
    descriptor = try bind(
      choices, address: configuration.address ?? "*", port: configuration.port)
    port = SocketAddress.localPort(of: descriptor)
  }

  deinit { close(descriptor) }

  /// Hands the descriptor over: the receiver closes it.
  consuming func release() -> Int32 {
    let descriptor = self.descriptor
    discard self
    return descriptor
  }
}

/// An address as the C library knows it.
struct SocketAddress {
  let family: Int32
  private var storage: sockaddr_storage
  private let length: socklen_t

  private init(family: Int32, storage: sockaddr_storage, length: socklen_t) {
    self.family = family
    self.storage = storage
    self.length = length
  }

  /// The addresses to try, best first.
  static func resolve(_ host: String?, port: Int) throws(ServerError) -> [SocketAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    // No name server is asked: starting must not depend on one, nor wait for it.
    unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST
    var list: UnsafeMutablePointer<addrinfo>?
    let numeric = host == "localhost" ? "127.0.0.1" : host
    let code = unsafe getaddrinfo(numeric, "\(port)", &hints, &list)
    guard code == 0 else {
      throw .badAddress(host ?? "*", reason: unsafe String(cString: gai_strerror(code)))
    }
    defer { unsafe freeaddrinfo(list) }
    var found: [SocketAddress] = []
    var next = unsafe list
    while let entry = unsafe next?.pointee {
      unsafe found.append(SocketAddress(entry))
      unsafe next = entry.ai_next
    }
    // An IPv6 socket serves both families: it goes first.
    return found.sorted { $0.family == AF_INET6 && $1.family != AF_INET6 }
  }

  private init(_ entry: addrinfo) {
    var storage = sockaddr_storage()
    unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      unsafe bytes.copyMemory(
        from: UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen)))
    }
    unsafe self.init(family: entry.ai_family, storage: storage, length: entry.ai_addrlen)
  }

  func bind(_ descriptor: Int32) -> Bool {
    unsafe withUnsafeBytes(of: storage) { bytes in
      let address = unsafe bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
      return unsafe Glibc.bind(descriptor, address, length) == 0
    }
  }

  static func localPort(of descriptor: Int32) -> Int {
    var storage = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      let address = unsafe bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
      _ = unsafe getsockname(descriptor, address, &length)
    }
    // The port stands at the same place in both families.
    return Int(UInt16(bigEndian: storage.sin6_port))
  }

  /// The numeric form of a client's address; an IPv4 address that came through an IPv6 socket is shown as IPv4.
  static func text(_ address: UnsafePointer<sockaddr>?) -> String {
    guard let address = unsafe address else { return "" }
    let size =
      unsafe Int32(address.pointee.sa_family) == AF_INET6
      ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
    let text = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) {
      let code = unsafe getnameinfo(
        address, socklen_t(size), $0.baseAddress, socklen_t($0.count), nil, 0, NI_NUMERICHOST)
      return code == 0 ? unsafe String(cString: $0.baseAddress!) : ""
    }
    return text.hasPrefix("::ffff:") ? String(text.dropFirst(7)) : text
  }
}

private func bind(
  _ choices: [SocketAddress], address: String, port: Int
) throws(ServerError) -> Int32 {
  var failure = ServerError.badAddress(address, reason: "no such address")
  for choice in choices {
    let descriptor = socket(
      choice.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
      0)
    if descriptor < 0 {
      failure = .socket(operation: "socket", reason: systemErrorText(errno))
      continue
    }
    set(descriptor, SOL_SOCKET, SO_REUSEADDR, to: 1)
    if choice.family == AF_INET6 { set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: 0) }
    if choice.bind(descriptor) && listen(descriptor, SOMAXCONN) == 0 { return descriptor }
    failure = bindError(errno, address: address, port: port)
    close(descriptor)
  }
  throw failure
}

private func bindError(_ code: Int32, address: String, port: Int) -> ServerError {
  switch code {
  case EADDRINUSE: .portInUse(port)
  case EACCES: .portForbidden(port)
  default: .badAddress(address, reason: systemErrorText(code))
  }
}

private func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, to value: Int32) {
  var value = value
  unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
}
