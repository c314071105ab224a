import CGnuTLS
import Glibc
import Workarounds

/// A connection without the library: its socket, or the TLS session on it.
///
/// The library's thread may read from the connection meanwhile, and end it, but must not write.
@safe struct RawConnection: @unchecked Sendable {
  let descriptor: Int32
  private let session: gnutls_session_t?
  /// Whether a TLS record is made and not all of it is sent.
  private var isInterrupted = false

  /// - Parameter session: nil without TLS.
  init(descriptor: Int32, session: OpaquePointer?) {
    self.descriptor = descriptor
    unsafe self.session = unsafe session
  }

  /// Writes as much as the system takes at once. The next call has to begin with the first byte that was not taken.
  /// - Returns: nil when the connection is broken.
  mutating func write(_ bytes: ArraySlice<UInt8>) -> Int? {
    unsafe bytes.withUnsafeBytes { bytes in
      if let session = unsafe session { return unsafe write(bytes, session) }
      let count = unsafe Glibc.send(
        descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      if count >= 0 { return count }
      return errno == EAGAIN || errno == EINTR ? 0 : nil
    }
  }

  /// `gnutls_record_send`, record by record. What it could not finish it goes on with when asked to send nothing.
  private mutating func write(
    _ bytes: UnsafeRawBufferPointer, _ session: gnutls_session_t
  ) -> Int? {
    var sent = 0
    while sent < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[sent...])
      let count =
        unsafe isInterrupted
        ? cmhd_tls_send(session, nil, 0)
        : cmhd_tls_send(session, rest.baseAddress, rest.count)
      isInterrupted = count == Int(GNUTLS_E_AGAIN) || count == Int(GNUTLS_E_INTERRUPTED)
      if isInterrupted { return sent }
      if count <= 0 { return nil }
      sent += count
    }
    return sent
  }

  /// Writes a whole answer, and ends our side of the conversation.
  ///
  /// The library takes a response only before a body or after it. A client that sends too much is told so at once;
  /// what it still sends is read and dropped for a while, because closing a socket with unread bytes resets it and
  /// may take the answer away from the client (RFC 9112, 9.6).
  mutating func send(_ response: Response, omitBody: Bool) {
    // The socket's buffer is empty at this point, so that a short answer fits as a whole.
    _ = write(response.serialized(omitBody: omitBody)[...])
    end()
    expectMuch()
  }

  /// Lets the client send much before this side is woken (`SO_RCVLOWAT`): the rest of a body is only to be dropped,
  /// which costs little when it is done in large pieces. The end of the connection wakes at once.
  private func expectMuch() {
    guard unsafe session == nil else { return }
    var bytes: Int32 = 1 << 20
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVLOWAT, &bytes, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Drops what the client has sent and nobody has read, without copying it (`MSG_TRUNC`, as Linux does it for TCP).
  /// - Returns: The bytes dropped; with TLS none, because the session has to see them.
  func drop(upTo limit: Int) -> Int {
    guard unsafe session == nil, limit > 0 else { return 0 }
    return max(0, recv(descriptor, nil, limit, Int32(MSG_TRUNC) | Int32(MSG_DONTWAIT)))
  }

  /// Ends our side of the conversation.
  func end() {
    // Without TLS's own goodbye the client knows that it has not heard everything.
    if let session = unsafe session, !isInterrupted {
      _ = unsafe gnutls_bye(session, GNUTLS_SHUT_WR)
    }
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Waits a moment for the client to take what was written. The connection may end meanwhile, which does no harm.
  func waitForRoom() {
    var socket = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = unsafe poll(&socket, 1, 100)
  }
}
