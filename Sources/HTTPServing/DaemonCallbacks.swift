import CLibraryErrors
import CMicrohttpd
import Glibc

// The daemon's callbacks: C functions, which capture nothing and throw nothing.

/// `MHD_OPTION_NOTIFY_CONNECTION`: a connection has begun or ended. What is noted about it is a retained seat.
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
    let seat = unsafe Unmanaged<ConnectionSeat>.fromOpaque(opaque).takeRetainedValue()
    seat.close()
    return daemon.ledger.leave(seat)
  }
  let descriptor = unsafe cmhd_socket(connection)
  guard
    let seat = daemon.ledger.admit(
      unsafe clientGroup(SocketAddress.text(cmhd_client_address(connection))))
  else {
    // The library closes it once it has noticed.
    shutdown(descriptor, Int32(SHUT_RDWR))
    return
  }
  if !seat.reader.attach(to: descriptor, overTLS: daemon.core.configuration.tls != nil) {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }
  if seat.excess != nil {
    unsafe cmhd_set_timeout(connection, daemon.excessPatience)
  }
  unsafe note.pointee = Unmanaged.passRetained(seat).toOpaque()
}

private func clientGroup(_ address: String) -> String { ClientAddress(address)?.group ?? address }

/// `MHD_OPTION_URI_LOG_CALLBACK`: a request line has come. Gives back the exchange, which the seat holds.
func beginRequest(
  _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?,
  _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
  guard let context = unsafe context, let target = unsafe target,
    let connection = unsafe connection, let seat = unsafe seat(of: connection)
  else { return nil }
  let core = unsafe Unmanaged<DaemonContext>.fromOpaque(context).takeUnretainedValue().core
  let exchange = seat.begin { number in
    unsafe Exchange(
      core: core, connection: Connection(connection, seat: seat), number: number,
      target: String(cString: target))
  }
  return unsafe Unmanaged.passUnretained(exchange).toOpaque()
}

/// What is noted about a connection.
private func seat(of connection: OpaquePointer) -> ConnectionSeat? {
  unsafe cmhd_socket_context(connection).map {
    unsafe Unmanaged<ConnectionSeat>.fromOpaque($0).takeUnretainedValue()
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
  let verdict: Exchange.Verdict
  if exchange.awaitsHead {
    verdict = unsafe exchange.headReceived(
      method: String(cString: method), version: String(cString: version))
  } else if unsafe size.pointee > 0 {
    verdict = unsafe exchange.received(UnsafeRawBufferPointer(start: data, count: size.pointee))
    unsafe size.pointee = 0
  } else {
    verdict = exchange.requestComplete()
  }
  return verdict == .proceed ? .YES : .NO
}

/// `MHD_OPTION_NOTIFY_COMPLETED`: the request is over; the seat lets its exchange go.
func endRequest(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ reason: MHD_RequestTerminationCode
) {
  guard let opaque = unsafe request?.pointee else { return }
  unsafe request?.pointee = nil
  let exchange = unsafe Unmanaged<Exchange>.fromOpaque(opaque).takeUnretainedValue()
  exchange.ended(outcome(reason))
  exchange.connection.seat.end(exchange)
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
func noteMessage(_ context: UnsafeMutableRawPointer?, _ line: UnsafePointer<CChar>?) {
  guard let context = unsafe context, let line = unsafe line else { return }
  let message = unsafe String(cString: line)
  unsafe Unmanaged<DaemonContext>.fromOpaque(context).takeUnretainedValue()
    .note(message.last == "\n" ? String(message.dropLast()) : message)
}

/// Once, before any connection: a second daemon must not write what the first one's threads read.
let installRefusal: Void = unsafe cmhd_install_refusal(refuseForLibrary)

/// The library refuses a request by itself, in the place of which the program answers. See library_errors.c.
func refuseForLibrary(_ connection: OpaquePointer?, _ status: UInt32) {
  guard let connection = unsafe connection,
    let note = unsafe cmhd_socket_context(connection)
  else { return }
  let seat = unsafe Unmanaged<ConnectionSeat>.fromOpaque(note).takeUnretainedValue()
  let response = Response.problem(
    Status(rawValue: 400...599 ~= Int(status) ? Int(status) : 400),
    detail: "The request is not HTTP that can be read, or its header is too long.")
  if let exchange = seat.current { return exchange.refusedByLibrary(response) }
  var outlet = unsafe Connection(connection, seat: seat).outlet
  outlet.send(response.with("X-Request-ID", RequestID.fresh()), omitBody: false)
}
