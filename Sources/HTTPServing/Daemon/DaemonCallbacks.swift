import CMicrohttpd
import Glibc
import Workarounds

// The daemon's callbacks: C functions, which capture nothing and throw nothing.

/// `MHD_OPTION_NOTIFY_CONNECTION`: a connection has begun or ended. What is noted about it is a retained slot.
func noteConnection(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ note: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ event: MHD_ConnectionNotificationCode
) {
  guard let context = unsafe context, let connection = unsafe connection,
    let note = unsafe note
  else { return }
  let daemon = unsafe Unmanaged<DaemonContext>.fromOpaque(context).takeUnretainedValue()
  guard event == .CONNECTION_NOTIFY_STARTED else {
    guard let opaque = unsafe note.pointee else { return }
    unsafe note.pointee = nil
    GuardedReader.detach(from: unsafe cmhd_socket(connection))
    let slot = unsafe Unmanaged<ConnectionSlot>.fromOpaque(opaque).takeRetainedValue()
    slot.close()
    return daemon.limiter.leave(slot)
  }
  let descriptor = unsafe cmhd_socket(connection)
  guard
    let slot = daemon.limiter.admit(
      unsafe clientGroup(SocketAddress.text(cmhd_client_address(connection))))
  else {
    // The library closes it once it has noticed.
    shutdown(descriptor, Int32(SHUT_RDWR))
    return
  }
  if !slot.reader.attach(to: descriptor, overTLS: daemon.core.configuration.tls != nil) {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }
  if let credentials = daemon.core.configuration.tls?.credentials,
    let session = unsafe cmhd_tls_session(connection)
  {
    unsafe credentials.use(in: OpaquePointer(session))
    slot.keep(credentials)
  }
  if slot.excess != nil {
    unsafe cmhd_set_timeout(connection, daemon.excessPatience)
  }
  unsafe note.pointee = Unmanaged.passRetained(slot).toOpaque()
}

private func clientGroup(_ address: String) -> String { ClientAddress(address)?.group ?? address }

/// `MHD_OPTION_URI_LOG_CALLBACK`: a request line has come. Gives back the exchange, which the slot holds.
func beginRequest(
  _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?,
  _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
  guard let context = unsafe context, let target = unsafe target,
    let connection = unsafe connection, let slot = unsafe slot(of: connection)
  else { return nil }
  let core = unsafe Unmanaged<DaemonContext>.fromOpaque(context).takeUnretainedValue().core
  let exchange = slot.begin { number in
    unsafe Exchange(
      core: core, connection: Connection(connection, slot: slot), number: number,
      target: String(cString: target))
  }
  return unsafe Unmanaged.passUnretained(exchange).toOpaque()
}

/// What is noted about a connection.
private func slot(of connection: OpaquePointer) -> ConnectionSlot? {
  unsafe cmhd_socket_context(connection).map {
    unsafe Unmanaged<ConnectionSlot>.fromOpaque($0).takeUnretainedValue()
  }
}

/// `MHD_AccessHandlerCallback`: first with the header, then with each piece of the body, then with nothing more.
func handleRequest(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ url: UnsafePointer<CChar>?,
  _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?,
  _ data: UnsafePointer<CChar>?, _ size: UnsafeMutablePointer<Int>?,
  _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let opaque = unsafe request?.pointee, let method = unsafe method,
    let version = unsafe version, let size = unsafe size
  else { return .NO }
  let exchange = unsafe Unmanaged<Exchange>.fromOpaque(opaque).takeUnretainedValue()
  let result: Exchange.CallbackResult
  if exchange.awaitsHead {
    result = unsafe exchange.headReceived(
      method: String(cString: method), version: String(cString: version))
  } else if unsafe size.pointee > 0 {
    result = unsafe exchange.received(UnsafeRawBufferPointer(start: data, count: size.pointee))
    unsafe size.pointee = 0
  } else {
    result = exchange.requestComplete()
  }
  return result == .proceed ? .YES : .NO
}

/// `MHD_OPTION_NOTIFY_COMPLETED`: the request is over; the slot lets its exchange go.
func endRequest(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ reason: MHD_RequestTerminationCode
) {
  guard let opaque = unsafe request?.pointee else { return }
  unsafe request?.pointee = nil
  let exchange = unsafe Unmanaged<Exchange>.fromOpaque(opaque).takeUnretainedValue()
  exchange.ended(outcome(reason))
  exchange.connection.slot.end(exchange)
}

private func outcome(_ reason: MHD_RequestTerminationCode) -> RequestOutcome {
  switch reason {
  case .REQUEST_TERMINATED_COMPLETED_OK: .answered
  case .REQUEST_TERMINATED_TIMEOUT_REACHED: .timedOut
  case .REQUEST_TERMINATED_DAEMON_SHUTDOWN: .cutOff
  default: .disconnected
  }
}

/// The library's own messages.
func noteMessage(_ context: UnsafeMutableRawPointer?, _ line: UnsafePointer<CChar>?) {
  guard let context = unsafe context, let line = unsafe line else { return }
  let message = unsafe String(cString: line)
  unsafe Unmanaged<DaemonContext>.fromOpaque(context).takeUnretainedValue()
    .note(message.last == "\n" ? String(message.dropLast()) : message)
}

/// Once, before any connection: a second daemon must not write what the first one's threads read.
let installRefusal: Void = unsafe cmhd_install_refusal(refuseForLibrary)

/// The library refuses a request by itself, in the place of which the program answers. See error_pages.c.
func refuseForLibrary(_ connection: OpaquePointer?, _ status: UInt32) {
  guard let connection = unsafe connection,
    let note = unsafe cmhd_socket_context(connection)
  else { return }
  let slot = unsafe Unmanaged<ConnectionSlot>.fromOpaque(note).takeUnretainedValue()
  let response = Response.problem(
    Status(rawValue: 400...599 ~= Int(status) ? Int(status) : 400),
    detail: "The request is not HTTP that can be read, or its header is too long.")
  if let exchange = slot.current { return exchange.refusedByLibrary(response) }
  var raw = unsafe Connection(connection, slot: slot).raw
  raw.send(response.with("X-Request-ID", RequestID.fresh()), omitBody: false)
}
