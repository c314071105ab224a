import CMicrohttpd
import Glibc
import Synchronization
import TestSupport

/// libmicrohttpd as `HTTPServing` uses it, with one thread and nothing between it and its clients. Answers 200.
@safe final class LibraryDaemon {
  let port: Int
  private let handle: OpaquePointer

  init(overTLS: Bool = false) throws {
    let socket = try listen()
    port = socket.port
    let identity = try overTLS ? makeTLSIdentity() : nil
    var options = unsafe [
      MHD_OptionItem(option: .LISTEN_SOCKET, value: Int(socket.descriptor), ptr_value: nil),
      MHD_OptionItem(option: .CONNECTION_LIMIT, value: 1000, ptr_value: nil),
      // Far longer than anybody waits for an answer here.
      MHD_OptionItem(option: .CONNECTION_TIMEOUT, value: 25, ptr_value: nil),
      MHD_OptionItem(option: .CONNECTION_MEMORY_LIMIT, value: 4096, ptr_value: nil),
      MHD_OptionItem(option: .STRICT_FOR_CLIENT, value: 1, ptr_value: nil),
    ]
    if let identity {
      // They live as long as the program.
      unsafe options += [
        MHD_OptionItem(option: .HTTPS_MEM_CERT, value: 0, ptr_value: strdup(identity.certificate)),
        MHD_OptionItem(option: .HTTPS_MEM_KEY, value: 0, ptr_value: strdup(identity.privateKey)),
      ]
    }
    unsafe options.append(MHD_OptionItem(option: .END, value: 0, ptr_value: nil))
    let flags = MHD_USE_EPOLL_INTERNAL_THREAD.rawValue | (overTLS ? MHD_USE_TLS.rawValue : 0)
    guard let handle = unsafe cmhd_start_daemon(flags, answer, nil, &options) else {
      throw HTTPClient.Failure.notConnected
    }
    unsafe self.handle = handle
  }

  func stop() { unsafe MHD_stop_daemon(handle) }

  /// Waits until a request for `/hold` keeps the thread.
  func waitUntilHeld() { waitUntil { isHeld.withLock { $0 } } }

  func release() { isHeld.withLock { $0 = false } }

  /// Waits for a byte of a body.
  func waitUntilBody() { waitUntil { bodyHasCome.withLock { $0 } } }
}

private let isHeld = Mutex(false)
private let bodyHasCome = Mutex(false)

/// `MHD_AccessHandlerCallback`.
private func answer(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ url: UnsafePointer<CChar>?,
  _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?,
  _ data: UnsafePointer<CChar>?, _ size: UnsafeMutablePointer<Int>?,
  _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let request = unsafe request, let size = unsafe size, let url = unsafe url else {
    return .NO
  }
  if unsafe request.pointee == nil {
    unsafe request.pointee = UnsafeMutableRawPointer(request)
    return .YES
  }
  if unsafe size.pointee > 0 {
    unsafe size.pointee = 0
    bodyHasCome.withLock { $0 = true }
    return .YES
  }
  if unsafe String(cString: url) == "/hold" {
    isHeld.withLock { $0 = true }
    waitUntil { isHeld.withLock { !$0 } }
  }
  let response = unsafe MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
  defer { unsafe MHD_destroy_response(response) }
  return unsafe MHD_queue_response(connection, 200, response)
}

/// A socket on 127.0.0.1 that listens.
private func listen() throws -> (descriptor: Int32, port: Int) {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isListening = unsafe withUnsafeMutableBytes(of: &address) { bytes in
    let pointer = unsafe bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
    return unsafe bind(descriptor, pointer, length) == 0
      && Glibc.listen(descriptor, SOMAXCONN) == 0 && getsockname(descriptor, pointer, &length) == 0
  }
  guard isListening else { throw HTTPClient.Failure.notConnected }
  return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
}
