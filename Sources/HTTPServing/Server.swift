import CMicrohttpd
import Glibc
import Synchronization

/// An HTTP/1.1 server on libmicrohttpd: a few threads serve all connections through epoll, work runs elsewhere.
///
///     let server = try Server(configuration, router: router, queue: queue)
///     ProcessSignals.wait()
///     server.stop()
public final class Server: Sendable {
  /// The port it listens on.
  public let port: Int
  private let core: ServerCore
  private let daemon: Mutex<Daemon?>

  /// Starts to listen and to answer.
  /// - Parameter sibling: A server whose load this one tells of, and with which it drains: an operators' listener.
  public init(
    _ configuration: ServerConfiguration, router: Router, queue: WorkQueue,
    events: ServerEvents = ServerEvents(), beside sibling: Server? = nil
  ) throws(ServerError) {
    let socket = try ListeningSocket(address: configuration.address, port: configuration.port)
    port = socket.port
    core = ServerCore(
      configuration, router: router, queue: queue, events: events,
      lifecycle: sibling?.core.lifecycle ?? Lifecycle())
    daemon = Mutex(try Daemon(core, socket: socket))
  }

  deinit { stop() }

  public var load: ServerLoad { core.load }

  /// Open connections.
  public var connections: Int { daemon.withLock { $0?.connections ?? 0 } }

  /// From now on new requests are refused with 503, those that run go on.
  public func drain() { core.lifecycle.beginDraining() }

  /// Drains, waits for running requests up to the grace time, then closes everything.
  /// - Returns: Whether every request was answered in time. When not, the rest got 503 or was cut off.
  @discardableResult
  public func stop() -> Bool {
    daemon.withLock { daemon in
      guard let running = daemon else { return true }
      daemon = nil
      return stop(running)
    }
  }

  private func stop(_ daemon: Daemon) -> Bool {
    drain()
    let isComplete = core.lifecycle.waitUntilIdle(at: core.configuration.graceTime)
    daemon.stopListening()
    let abandoned = core.lifecycle.beginStopping().filter { $0.abandonWork() }
    // The last answers are on their way to the sockets: give them a moment.
    _ = core.lifecycle.waitUntilIdle(at: .seconds(1))
    daemon.stop()
    return isComplete && abandoned.isEmpty
  }
}

/// A running `MHD_Daemon` with what it points to.
@safe private struct Daemon: @unchecked Sendable {
  private let handle: OpaquePointer
  private let descriptor: Int32
  private let context: Unmanaged<DaemonContext>

  init(_ core: ServerCore, socket: consuming ListeningSocket) throws(ServerError) {
    let configuration = core.configuration
    let reserve = ConnectionLedger.reserve(forConnections: configuration.maxConnections)
    let connections = raiseDescriptorLimit(
      forConnections: configuration.maxConnections + reserve)
    let ledger = ConnectionLedger(
      limit: max(1, connections - reserve),
      limitPerAddress: configuration.maxConnectionsPerAddress, reserve: reserve)
    let context = DaemonContext(core, ledger)
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

/// What the daemon's callbacks are given, and the memory that its options point to.
private final class DaemonContext: Sendable {
  let core: ServerCore
  let ledger: ConnectionLedger
  private let startMessages = Mutex<[String]?>([])
  private let memory: OptionMemory

  init(_ core: ServerCore, _ ledger: ConnectionLedger) {
    self.core = core
    self.ledger = ledger
    memory = OptionMemory(tls: core.configuration.tls)
  }

  /// Seconds that a connection beyond a limit has for its request.
  var excessPatience: UInt32 {
    UInt32(clamping: min(5, core.configuration.idleTimeout.components.seconds))
  }

  var messages: [String] { startMessages.withLock { $0 ?? [] } }

  func started() { startMessages.withLock { $0 = nil } }

  func note(_ message: String) {
    startMessages.withLock { $0?.append(message) }
    core.events.libraryMessage(message)
  }

  func options(
    _ configuration: ServerConfiguration, socket: Int32, connections: Int,
    _ pointer: UnsafeMutableRawPointer
  ) -> [MHD_OptionItem] {
    unsafe memory.sink.pointee = cmhd_message_sink(write: noteMessage, context: pointer)
    var options = unsafe [
      // First, so that it hears about the others.
      cmhd_on_message(memory.sink),
      cmhd_on_connection(noteConnection, pointer),
      cmhd_on_target(beginRequest, pointer),
      cmhd_on_completed(endRequest, pointer),
      option(.LISTEN_SOCKET, Int(socket)),
      option(.CONNECTION_LIMIT, connections),
      option(.CONNECTION_TIMEOUT, Int(configuration.idleTimeout.components.seconds)),
      option(.CONNECTION_MEMORY_LIMIT, configuration.connectionMemory),
    ]
    if configuration.ioThreads > 1 {
      unsafe options.append(option(.THREAD_POOL_SIZE, configuration.ioThreads))
    }
    unsafe options += memory.tlsOptions
    unsafe options.append(option(.END, 0))
    return unsafe options
  }
}

/// Memory with a fixed place, which the library reads while it runs.
@safe private final class OptionMemory: @unchecked Sendable {
  let sink: UnsafeMutablePointer<cmhd_message_sink>
  private let certificate: UnsafeMutablePointer<CChar>?
  private let privateKey: UnsafeMutablePointer<CChar>?

  init(tls: TLSIdentity?) {
    unsafe sink = .allocate(capacity: 1)
    unsafe certificate = tls.flatMap { unsafe strdup($0.certificate) }
    unsafe privateKey = tls.flatMap { unsafe strdup($0.privateKey) }
  }

  deinit {
    unsafe sink.deallocate()
    unsafe free(certificate)
    unsafe free(privateKey)
  }

  var tlsOptions: [MHD_OptionItem] {
    guard let certificate = unsafe certificate, let privateKey = unsafe privateKey else {
      return unsafe []
    }
    return unsafe [
      MHD_OptionItem(option: .HTTPS_MEM_CERT, value: 0, ptr_value: certificate),
      MHD_OptionItem(option: .HTTPS_MEM_KEY, value: 0, ptr_value: privateKey),
    ]
  }
}

private func option(_ option: MHD_OPTION, _ value: Int) -> MHD_OptionItem {
  unsafe MHD_OptionItem(option: option, value: value, ptr_value: nil)
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

// MARK: Callbacks: C functions, which capture nothing and throw nothing.

/// `MHD_OPTION_NOTIFY_CONNECTION`: a connection has begun or ended. What is noted about it is a retained seat.
private func noteConnection(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ note: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ event: MHD_ConnectionNotificationCode
) {
  guard let context = unsafe context, let connection = unsafe connection,
    let note = unsafe note
  else { return }
  let daemon = unsafe Unmanaged<DaemonContext>.fromOpaque(context).takeUnretainedValue()
  guard event == .CONNECTION_NOTIFY_STARTED else {
    guard let seat = unsafe note.pointee else { return }
    unsafe note.pointee = nil
    return daemon.ledger.leave(unsafe Unmanaged.fromOpaque(seat).takeRetainedValue())
  }
  guard
    let seat = daemon.ledger.admit(unsafe SocketAddress.text(cmhd_client_address(connection)))
  else {
    // The library closes it once it has noticed.
    shutdown(unsafe cmhd_socket(connection), Int32(SHUT_RDWR))
    return
  }
  if seat.excess != nil {
    unsafe cmhd_set_timeout(connection, daemon.excessPatience)
  }
  unsafe note.pointee = Unmanaged.passRetained(seat).toOpaque()
}

/// `MHD_OPTION_URI_LOG_CALLBACK`: a request line has come. Gives back the retained exchange.
private func beginRequest(
  _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?,
  _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
  guard let context = unsafe context, let target = unsafe target,
    let connection = unsafe connection
  else { return nil }
  let exchange = unsafe Exchange(
    core: Unmanaged<DaemonContext>.fromOpaque(context).takeUnretainedValue().core,
    connection: Connection(connection), target: String(cString: target))
  return unsafe Unmanaged.passRetained(exchange).toOpaque()
}

/// `MHD_AccessHandlerCallback`: first with the header, then with each piece of the body, then with nothing more.
private func handleRequest(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ url: UnsafePointer<CChar>?,
  _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?,
  _ data: UnsafePointer<CChar>?, _ size: UnsafeMutablePointer<Int>?,
  _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let opaque = unsafe request?.pointee, let method = unsafe method, let size = unsafe size
  else { return .NO }
  let exchange = unsafe Unmanaged<Exchange>.fromOpaque(opaque).takeUnretainedValue()
  let verdict: Exchange.Verdict
  if exchange.awaitsHead {
    verdict = unsafe exchange.headReceived(method: String(cString: method))
  } else if unsafe size.pointee > 0 {
    verdict = unsafe exchange.received(UnsafeRawBufferPointer(start: data, count: size.pointee))
    unsafe size.pointee = 0
  } else {
    verdict = exchange.requestComplete()
  }
  return verdict == .proceed ? .YES : .NO
}

/// `MHD_OPTION_NOTIFY_COMPLETED`: the request is over; releases the exchange.
private func endRequest(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ reason: MHD_RequestTerminationCode
) {
  guard let opaque = unsafe request?.pointee else { return }
  unsafe request?.pointee = nil
  unsafe Unmanaged<Exchange>.fromOpaque(opaque).takeRetainedValue().ended(outcome(reason))
}

private func outcome(_ reason: MHD_RequestTerminationCode) -> RequestRecord.Outcome {
  switch reason {
  case .REQUEST_TERMINATED_COMPLETED_OK: .answered
  case .REQUEST_TERMINATED_TIMEOUT_REACHED: .timedOut
  case .REQUEST_TERMINATED_DAEMON_SHUTDOWN: .cutOff
  default: .disconnected
  }
}

/// The library's own messages.
private func noteMessage(_ context: UnsafeMutableRawPointer?, _ line: UnsafePointer<CChar>?) {
  guard let context = unsafe context, let line = unsafe line else { return }
  let message = unsafe String(cString: line)
  unsafe Unmanaged<DaemonContext>.fromOpaque(context).takeUnretainedValue()
    .note(message.last == "\n" ? String(message.dropLast()) : message)
}
