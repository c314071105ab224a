/// The client's end of a WebSocket, which sends exactly the frames it is told to.
extension HTTPClient {
  public struct Frame: Sendable, Equatable {
    /// FIN, reserved bits and opcode.
    public let first: UInt8
    public let payload: [UInt8]

    public init(_ first: UInt8, _ payload: [UInt8] = []) {
      self.first = first
      self.payload = payload
    }

    public var text: String { String(decoding: payload, as: UTF8.self) }
    /// Of a close frame.
    public var closeCode: Int? {
      first == 0x88 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil
    }
  }

  /// What RFC 6455 (1.3) has as its example.
  public static let handshake = [
    "Connection: keep-alive, Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ]

  /// Asks for a WebSocket.
  public func open(_ target: String, _ fields: [String] = []) throws -> Reply {
    try exchange("GET", target, HTTPClient.handshake + fields)
  }

  @discardableResult
  public func sendFrame(_ first: UInt8, _ payload: [UInt8] = []) -> Bool {
    send(maskedFrame(first, payload))
  }

  /// Reads the server's next frame, which has no mask.
  public func readFrame() throws -> Frame {
    let start = try readBody(2)
    let lengthBytes = start[1] == 126 ? 2 : start[1] == 127 ? 8 : 0
    let length = try readBody(lengthBytes).reduce(0) { $0 << 8 | Int($1) }
    return Frame(start[0], try readBody(lengthBytes == 0 ? Int(start[1]) : length))
  }
}

/// A frame as a client sends it, with the shortest form of its length.
public func maskedFrame(_ first: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
  let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
  let count = payload.count
  let size: [UInt8] =
    switch count {
    case 0...125: [0x80 | UInt8(count)]
    case 126...0xFFFF: [0x80 | 126, UInt8(count >> 8), UInt8(count & 0xFF)]
    default: [0x80 | 127] + (0..<8).reversed().map { UInt8(count >> (8 * $0) & 0xFF) }
    }
  return [first] + size + mask + payload.enumerated().map { $1 ^ mask[$0 & 3] }
}
