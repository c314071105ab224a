import CGnuTLS
import Glibc
import Workarounds

/// The bytes of one connection on their way from the system to the library, through a `FramingGuard`.
///
/// Only the thread that serves the connection uses it.
final class GuardedReader: @unchecked Sendable {
  private var framing: FramingGuard

  init(limits: FramingLimits) { framing = FramingGuard(limits: limits) }

  var finding: FramingGuard.Finding? { framing.finding }
  var upgrade: Int? { framing.upgrade }
  var readyCount: Int { framing.readyCount }

  /// What the library's `recv` does.
  /// - Parameters:
  ///   - isRecordwise: Whether less than was asked for says nothing about what else has come: with TLS.
  ///   - receive: The system's `recv`, or TLS's; 0 at the end, and below 0 for an error.
  /// - Returns: As `receive`. `nothing` when all that has come is held back.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, isRecordwise: Bool, nothing: Int,
    from receive: (UnsafeMutableRawBufferPointer) -> Int
  ) -> Int {
    var filled = unsafe framing.takeReady(into: buffer)
    while filled < buffer.count {
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = unsafe receive(room)
      guard count > 0 else { return filled > 0 ? filled : count }
      unsafe filled += admit(UnsafeMutableRawBufferPointer(rebasing: room[..<count]), room)
      // The library takes a short read from a socket for its end for now, as epoll(7) says: so must we.
      if count < room.count && !isRecordwise { break }
      if isRecordwise && filled > 0 { break }
    }
    return filled > 0 ? filled : nothing
  }

  private func admit(
    _ bytes: UnsafeMutableRawBufferPointer, _ room: UnsafeMutableRawBufferPointer
  ) -> Int {
    let passed = unsafe framing.admit(bytes.bindMemory(to: UInt8.self).span)
    let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[passed...])
    return unsafe passed + framing.takeReady(into: rest)
  }
}

extension GuardedReader {
  /// From now on the library reads the descriptor's bytes through this.
  /// - Returns: false when the descriptor has a number beyond those that are watched.
  func attach(to descriptor: Int32, overTLS: Bool) -> Bool {
    unsafe cmhd_guard(
      descriptor, Unmanaged.passUnretained(self).toOpaque(), overTLS ? 1 : 0) != 0
  }

  static func detach(from descriptor: Int32) { cmhd_unguard(descriptor) }

  /// Tells the C functions that stand in the library's way which Swift functions to call. Once, before any connection.
  static let install: Void = unsafe cmhd_install_readers(
    { reader, descriptor, buffer, count in
      unsafe readGuarded(reader, buffer, count, isRecordwise: false, nothing: -Int(EAGAIN)) {
        room in
        let count = unsafe cmhd_system_recv(descriptor, room.baseAddress, room.count)
        return count < 0 ? -Int(errno) : count
      }
    },
    { reader, session, buffer, count in
      unsafe readGuarded(reader, buffer, count, isRecordwise: true, nothing: Int(GNUTLS_E_AGAIN)) {
        room in
        unsafe cmhd_tls_recv(session, room.baseAddress, room.count)
      }
    },
    { reader in unsafe taken(reader)?.readyCount ?? 0 })
}

private func taken(_ reader: UnsafeMutableRawPointer?) -> GuardedReader? {
  unsafe reader.map { unsafe Unmanaged<GuardedReader>.fromOpaque($0).takeUnretainedValue() }
}

private func readGuarded(
  _ reader: UnsafeMutableRawPointer?, _ buffer: UnsafeMutableRawPointer?, _ count: Int,
  isRecordwise: Bool, nothing: Int, from receive: (UnsafeMutableRawBufferPointer) -> Int
) -> Int {
  let buffer = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: count)
  guard let reader = unsafe taken(reader) else { return nothing }
  return unsafe reader.read(
    into: buffer, isRecordwise: isRecordwise, nothing: nothing, from: receive)
}
