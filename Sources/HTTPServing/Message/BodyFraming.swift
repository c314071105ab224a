/// How a request says where its body ends (RFC 9112, 6).
public enum BodyFraming: Sendable, Equatable {
  /// Neither a length nor chunks: there is no body.
  case none
  case length(UInt64)
  case chunked
  /// No body: what follows the header is to be no HTTP any more, but a WebSocket.
  case upgrade

  /// What may be read in two ways is refused: a disagreement with a proxy about where a request ends is how
  /// requests are smuggled.
  enum Ambiguity: Error {
    case unknownTransferCoding
    case contradiction
  }

  init(_ fields: HeaderFields) throws(Ambiguity) {
    let codings = fields.values(of: "Transfer-Encoding")
    let lengths = fields.values(of: "Content-Length")
    switch (codings.count, lengths.count) {
    case (0, 0): self = .none
    case (1, 0):
      guard equalIgnoringCase(codings[0], "chunked") else { throw .unknownTransferCoding }
      self = .chunked
    case (0, 1):
      guard let length = UInt64(lengths[0]) else { throw .contradiction }
      self = .length(length)
    default: throw .contradiction
    }
  }

  /// The body's bytes, where the header says so.
  public var length: Int? {
    if case .length(let length) = self { Int(clamping: length) } else { nil }
  }

  /// Whether bytes follow the header.
  var hasBody: Bool {
    switch self {
    case .none, .length(0): false
    case .length, .chunked, .upgrade: true
    }
  }
}
