/// One frame of a WebSocket (RFC 6455, 5.2).
enum WebSocketFrame {
  enum Opcode: UInt8, Sendable {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    var isControl: Bool { rawValue >= 8 }
  }

  /// The longest payload of a control frame, in bytes.
  static let controlLimit = 125

  /// A whole message as a server sends it: in one frame, without a mask.
  static func encoded(_ opcode: Opcode, _ payload: some Collection<UInt8>) -> [UInt8] {
    let count = payload.count
    var bytes = [0x80 | opcode.rawValue]
    switch count {
    case 0...125: bytes.append(UInt8(count))
    case 126...0xFFFF: bytes += [126, UInt8(count >> 8), UInt8(count & 0xFF)]
    default:
      bytes.append(127)
      bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    }
    return bytes + payload
  }

  /// The header of a frame as a client has to send it: with a mask, and with the shortest form of its length.
  struct Header: Sendable, Equatable {
    let isFinal: Bool
    let opcode: Opcode
    /// Bytes of payload.
    let length: UInt64
    /// Four bytes.
    let mask: [UInt8]

    /// Bytes of the header that begins with these.
    /// - Parameter start: At least two bytes.
    static func size(_ start: [UInt8]) throws(WebSocketFault) -> Int {
      guard start[0] & 0x70 == 0, let opcode = Opcode(rawValue: start[0] & 0x0F),
        start[1] & 0x80 != 0
      else { throw .header }
      let length = start[1] & 0x7F
      guard !opcode.isControl || (start[0] & 0x80 != 0 && length <= controlLimit) else {
        throw .control
      }
      return 6 + (length == 126 ? 2 : length == 127 ? 8 : 0)
    }

    /// - Parameter bytes: The whole header, whose size `size` has told.
    init(_ bytes: [UInt8]) throws(WebSocketFault) {
      isFinal = bytes[0] & 0x80 != 0
      opcode = Opcode(rawValue: bytes[0] & 0x0F)!
      let short = UInt64(bytes[1] & 0x7F)
      let long = bytes[2..<bytes.count - 4].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      length = short < 126 ? short : long
      mask = Array(bytes.suffix(4))
      let shortest: UInt64 = short == 126 ? 126 : short == 127 ? 0x1_0000 : 0
      guard length >= shortest, length < 1 << 63 else { throw .length }
    }
  }
}

/// What is wrong with a client's frames.
public enum WebSocketFault: Error, Sendable, Equatable {
  /// Reserved bits, an unknown opcode, or no mask.
  case header
  /// A control frame in pieces or too long.
  case control
  /// A length that is not in its shortest form.
  case length
  /// A continuation of nothing, or a new message within another.
  case sequence
  /// A close frame whose code no client may send.
  case closeCode
  /// Text that is not UTF-8.
  case notUTF8
  /// A message longer than is taken.
  case tooLong

  var closeCode: WebSocketCloseCode {
    switch self {
    case .header, .control, .length, .sequence, .closeCode: .protocolError
    case .notUTF8: .invalidData
    case .tooLong: .tooLong
    }
  }
}

/// Why a WebSocket ends (RFC 6455, 7.4.1, and IANA's registry).
public struct WebSocketCloseCode: RawRepresentable, Sendable, Equatable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let normal = WebSocketCloseCode(rawValue: 1000)
  public static let goingAway = WebSocketCloseCode(rawValue: 1001)
  public static let protocolError = WebSocketCloseCode(rawValue: 1002)
  public static let unsupported = WebSocketCloseCode(rawValue: 1003)
  public static let invalidData = WebSocketCloseCode(rawValue: 1007)
  public static let policy = WebSocketCloseCode(rawValue: 1008)
  public static let tooLong = WebSocketCloseCode(rawValue: 1009)
  public static let internalError = WebSocketCloseCode(rawValue: 1011)
  public static let tryAgainLater = WebSocketCloseCode(rawValue: 1013)

  /// The code that says the most of what a status of HTTP says.
  init(_ status: Status) {
    switch status {
    case .requestTimeout: self = .policy
    case .contentTooLarge: self = .tooLong
    case .unsupportedMediaType: self = .unsupported
    case .serviceUnavailable: self = .tryAgainLater
    default: self = status.rawValue < 500 ? .invalidData : .internalError
    }
  }

  /// Whether a client may send it: what stands for the lack of a code, or is reserved, it may not.
  var isFromClient: Bool {
    switch rawValue {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}
