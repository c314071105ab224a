/// An answer that is sent piece by piece, also while the request's body still arrives. One thread's own.
///
/// What the client does not take yet is kept, because many clients send everything before they read anything.
public final class AnswerStream {
  /// Sends what the system takes at once.
  /// - Returns: How many bytes; nil when the connection is lost.
  typealias Transmit = (_ bytes: ArraySlice<UInt8>, _ waitsForRoom: Bool) -> Int?

  /// How a client finds the end of an answer.
  enum Framing {
    case chunks
    /// The connection's end.
    case connection
    /// What follows the head is no HTTP any more.
    case upgrade
  }

  /// A client that leaves so much of an answer unread is given up.
  private static let keptLimit = 8 << 20

  /// nil where an answer cannot be sent ahead: it is collected then.
  private let transmit: Transmit?
  /// Adds the fields that every answer carries.
  private let dress: (Response) -> Response
  private let framing: Framing
  /// How long a client may leave the rest of an answer untouched.
  private let patience: Duration
  private var head: Response?
  private var kept: [UInt8] = []
  private var content: [UInt8] = []
  /// Whether there is still a client to write for.
  public private(set) var isOpen = true

  init(
    patience: Duration = .zero, framing: Framing = .chunks,
    dress: @escaping (Response) -> Response = { $0 },
    transmit: Transmit?
  ) {
    self.patience = patience
    self.framing = framing
    self.dress = dress
    self.transmit = transmit
  }

  /// Whether status and fields are decided, so that no other answer is possible.
  public var hasBegun: Bool { head != nil }

  /// Sends status and fields. The head's own body is not used.
  public func begin(_ head: Response) {
    precondition(!hasBegun, "an answer begins once")
    self.head = head
    if transmit != nil { send(dress(head).streamHead(framing)) }
  }

  /// Sends a piece of the body.
  public func write(_ bytes: [UInt8]) {
    precondition(hasBegun, "an answer's head comes first")
    guard !bytes.isEmpty else { return }
    guard transmit != nil else { return content.append(contentsOf: bytes) }
    guard framing == .chunks else { return send(bytes) }
    send(Array((String(bytes.count, radix: 16) + "\r\n").utf8) + bytes + [13, 10])
  }

  /// Sends the rest.
  /// - Returns: The whole answer where none of it was sent.
  func finish() -> Response? {
    guard let head else { return Response(.internalServerError) }
    if transmit == nil {
      return Response(head.status, fields: head.fields, body: .bytes(content))
    }
    if framing == .chunks { send(Array("0\r\n\r\n".utf8)) }
    var lastMove = ContinuousClock.now
    while isOpen && !kept.isEmpty {
      let before = kept.count
      flush(waitsForRoom: true)
      if kept.count < before { lastMove = .now }
      if lastMove.elapsed > patience { isOpen = false }
    }
    return nil
  }

  private func send(_ bytes: [UInt8]) {
    guard isOpen else { return }
    kept.append(contentsOf: bytes)
    flush(waitsForRoom: false)
    if kept.count > Self.keptLimit { isOpen = false }
  }

  private func flush(waitsForRoom: Bool) {
    guard let transmit, let count = transmit(kept[...], waitsForRoom) else {
      isOpen = false
      return
    }
    kept.removeFirst(count)
  }
}

extension Response {
  /// The head of an answer in pieces, after which the connection ends.
  fileprivate func streamHead(_ framing: AnswerStream.Framing) -> [UInt8] {
    switch framing {
    case .chunks: serializedHead([("Transfer-Encoding", "chunked"), ("Connection", "close")])
    case .connection: serializedHead([("Connection", "close")])
    case .upgrade: serializedHead([("Connection", "Upgrade")])
    }
  }
}
