/// Reads the frames of a client, however their bytes are cut into pieces (RFC 6455, 5).
///
/// Binary messages are passed on as their bytes come. Texts and control frames are kept until they are complete; both
/// are short.
public struct WebSocketReader: Sendable {
  public enum Event: Sendable, Equatable {
    /// A piece of a binary message.
    case data([UInt8])
    /// A whole text.
    case text(String)
    case ping([UInt8])
    case pong
    /// The client closes; nil without a code. Nothing comes after it.
    case close(UInt16?)
    /// The frames cannot be read on. Nothing comes after it.
    case fault(WebSocketFault)
  }

  /// Bytes of messages.
  public struct Limits: Sendable {
    public var binary: UInt64
    public var text: UInt64 = 4096

    public init(binary: UInt64) { self.binary = binary }
  }

  private enum Phase: Sendable {
    case header
    /// So many bytes of a frame's payload are still to come.
    case payload(WebSocketFrame.Header, left: UInt64)
    case over
  }

  /// A message of which not every frame has come.
  private struct Message: Sendable {
    let isText: Bool
    var length: UInt64 = 0
    /// Of a text.
    var content: [UInt8] = []
  }

  private let limits: Limits
  private var phase = Phase.header
  /// Bytes of the header under way.
  private var header: [UInt8] = []
  private var control: [UInt8] = []
  private var message: Message?

  public init(_ limits: Limits) { self.limits = limits }

  /// Looks at bytes that have come.
  public mutating func feed(_ bytes: [UInt8]) -> [Event] {
    var (events, rest) = ([Event](), bytes[...])
    do throws(WebSocketFault) {
      while !rest.isEmpty { try advance(&rest, &events) }
    } catch {
      phase = .over
      events.append(.fault(error))
    }
    return events
  }

  /// One byte of a header, or of a payload as much as there is.
  private mutating func advance(
    _ rest: inout ArraySlice<UInt8>, _ events: inout [Event]
  ) throws(WebSocketFault) {
    switch phase {
    case .header:
      header.append(rest.removeFirst())
      guard header.count >= 2, header.count == (try WebSocketFrame.Header.size(header)) else {
        return
      }
      let complete = try WebSocketFrame.Header(header)
      header = []
      try begin(complete)
      phase = .payload(complete, left: complete.length)
      if complete.length == 0 { try end(complete, &events) }
    case .payload(let frame, let left):
      let piece = rest.prefix(Int(clamping: left))
      rest = rest.dropFirst(piece.count)
      take(piece, of: frame, from: frame.length - left, &events)
      phase = .payload(frame, left: left - UInt64(piece.count))
      if left == UInt64(piece.count) { try end(frame, &events) }
    case .over: rest = []
    }
  }

  /// Checks a frame against what came before it.
  private mutating func begin(_ frame: WebSocketFrame.Header) throws(WebSocketFault) {
    guard !frame.opcode.isControl else { return }
    guard (message == nil) == (frame.opcode != .continuation) else { throw .sequence }
    var message = self.message ?? Message(isText: frame.opcode == .text)
    let limit = message.isText ? limits.text : limits.binary
    // Neither is so large that the sum could overflow.
    guard message.length + frame.length <= limit else { throw .tooLong }
    message.length += frame.length
    self.message = message
  }

  private mutating func take(
    _ piece: ArraySlice<UInt8>, of frame: WebSocketFrame.Header, from offset: UInt64,
    _ events: inout [Event]
  ) {
    let bytes = unmasked(piece, frame.mask, from: offset)
    if frame.opcode.isControl {
      control += bytes
    } else if message?.isText == true {
      message?.content += bytes
    } else {
      events.append(.data(bytes))
    }
  }

  private mutating func end(
    _ frame: WebSocketFrame.Header, _ events: inout [Event]
  ) throws(WebSocketFault) {
    phase = .header
    if frame.opcode.isControl {
      defer { control = [] }
      let event = try event(of: frame.opcode)
      if case .close = event { phase = .over }
      events.append(event)
    } else if frame.isFinal {
      defer { message = nil }
      if let message, message.isText { events.append(.text(try text(message.content))) }
    }
  }

  private func event(of opcode: WebSocketFrame.Opcode) throws(WebSocketFault) -> Event {
    switch opcode {
    case .ping: .ping(control)
    case .close: .close(try closeCode())
    default: .pong
    }
  }

  private func closeCode() throws(WebSocketFault) -> UInt16? {
    guard !control.isEmpty else { return nil }
    guard control.count >= 2 else { throw .closeCode }
    let code = UInt16(control[0]) << 8 | UInt16(control[1])
    guard WebSocketCloseCode(rawValue: code).isFromClient else { throw .closeCode }
    _ = try text(control.dropFirst(2))
    return code
  }

  private func text(_ bytes: some Collection<UInt8>) throws(WebSocketFault) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
    return text
  }

  /// - Parameter offset: Where in the payload the bytes begin.
  private func unmasked(
    _ bytes: ArraySlice<UInt8>, _ mask: [UInt8], from offset: UInt64
  ) -> [UInt8] {
    var result = Array(bytes)
    let first = Int(offset & 3)
    for index in result.indices { result[index] ^= mask[(first &+ index) & 3] }
    return result
  }
}
