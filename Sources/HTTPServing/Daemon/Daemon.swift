import CMicrohttpd
import Glibc
import Workarounds

/// A running `MHD_Daemon` with what it points to.
@safe struct Daemon: @unchecked Sendable {
  private let handle: OpaquePointer
  private let descriptor: Int32
  private let context: Unmanaged<DaemonContext>

  init(_ core: ServerCore, socket: consuming ListeningSocket) throws(ServerError) {
    let configuration = core.configuration
    if configuration.tls != nil { try checkTLSPriorities(configuration.tlsPriorities) }
    let reserve = ConnectionLimiter.reserve(forConnections: configuration.maxConnections)
    let connections = raiseDescriptorLimit(
      forConnections: configuration.maxConnections + reserve)
    let limiter = ConnectionLimiter(
      limit: max(1, connections - reserve),
      limitPerAddress: configuration.maxConnectionsPerAddress, reserve: reserve,
      framing: FramingLimits(header: configuration.connectionMemory))
    GuardedReader.install
    installRefusal
    let context = DaemonContext(core, limiter)
    let retained = unsafe Unmanaged.passRetained(context)
    let pointer = unsafe retained.toOpaque()
    let flags =
      MHD_USE_EPOLL_INTERNAL_THREAD.rawValue | MHD_ALLOW_SUSPEND_RESUME.rawValue
      | MHD_USE_ERROR_LOG.rawValue | (configuration.tls == nil ? 0 : MHD_USE_TLS.rawValue)
    descriptor = socket.release()
    var options = unsafe context.options(
      configuration, socket: descriptor, connections: connections, pointer)
    guard let handle = unsafe cmhd_start_daemon(flags, handleRequest, pointer, &options) else {
      close(descriptor)
      let messages = context.messages
      unsafe retained.release()
      throw .refused(messages: messages)
    }
    context.started()
    unsafe self.handle = handle
    unsafe self.context = retained
  }

  var connections: Int { Int(unsafe cmhd_connection_count(handle)) }

  /// Closes the listening socket while the library goes on with its connections.
  ///
  /// `MHD_quiesce_daemon` does this too, but races with the library's own threads for the socket's place in their
  /// epoll sets and aborts the program when it loses. Putting an idle socket under the same number closes the real
  /// one for everybody at once, and takes it out of the epoll sets.
  func stopListening() {
    let idle = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard idle >= 0 else { return }
    dup2(idle, descriptor)
    close(idle)
  }

  /// `MHD_stop_daemon`; no connection may be suspended.
  func stop() {
    unsafe MHD_stop_daemon(handle)
    unsafe context.release()
  }
}

/// Raises the limit of open descriptors for that many connections, and a few files.
/// - Returns: The connections that fit.
private func raiseDescriptorLimit(forConnections wanted: Int) -> Int {
  let others = 128
  var limit = rlimit()
  unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  if limit.rlim_cur < UInt(wanted + others) {
    limit.rlim_cur = min(UInt(wanted + others), limit.rlim_max)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
  return max(1, min(wanted, Int(clamping: limit.rlim_cur) - others))
}
