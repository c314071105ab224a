/// A Protocol Buffers message as it is being written: fields, each a key and a value.
///
/// Encoding: https://protobuf.dev/programming-guides/encoding. ONNX needs three of its four kinds.
struct ProtobufMessage: Sendable {
  private(set) var bytes: [UInt8] = []

  private enum WireType: UInt64 {
    case varint = 0
    case length = 2
    case fixed32 = 5
  }

  mutating func add(_ field: UInt64, _ value: Int) {
    key(field, .varint)
    // A negative number is its two's complement, in ten bytes.
    varint(UInt64(bitPattern: Int64(value)))
  }

  mutating func add(_ field: UInt64, _ value: Float) {
    key(field, .fixed32)
    append(littleEndian: value.bitPattern)
  }

  mutating func add(_ field: UInt64, _ text: String) { add(field, Array(text.utf8)) }

  mutating func add(_ field: UInt64, _ message: ProtobufMessage) { add(field, message.bytes) }

  mutating func add(_ field: UInt64, _ content: [UInt8]) {
    key(field, .length)
    varint(UInt64(content.count))
    bytes += content
  }

  private mutating func key(_ field: UInt64, _ type: WireType) {
    varint(field << 3 | type.rawValue)
  }

  /// Seven bits a byte, the lowest first; the highest bit says that more follow.
  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func append(littleEndian bits: UInt32) {
    for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
  }
}
