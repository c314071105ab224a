/// Reads integers of any number of bits, the lowest first, as Vorbis packs them (Vorbis I specification, 2).
struct BitReader {
  private let bytes: [UInt8]
  private var position: Int

  /// - Parameter start: The first byte that is read.
  init(_ bytes: [UInt8], from start: Int) {
    self.bytes = bytes
    position = start * 8
  }

  /// The next `count` bits, 64 at most; nil past the end.
  mutating func read(_ count: Int) -> Int? {
    guard count <= bytes.count * 8 - position else { return nil }
    var value = 0
    for bit in 0..<count {
      let place = position + bit
      value |= Int(bytes[place >> 3] >> (place & 7) & 1) << bit
    }
    position += count
    return value
  }

  /// Goes past `count` bits.
  /// - Returns: false past the end.
  mutating func skip(_ count: Int) -> Bool {
    guard count >= 0, count <= bytes.count * 8 - position else { return false }
    position += count
    return true
  }
}
