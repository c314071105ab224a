/// How a container of chunks (RIFF, CAF) writes them: a four-letter name, a size, and that many bytes.
struct ChunkLayout {
  /// Where the first chunk begins.
  var first: Int
  /// Bytes of a size.
  var sizeLength: Int
  var isBigEndian: Bool
  /// Whether an odd size is followed by one byte that it does not count.
  var isPadded: Bool
}

extension ByteSource {
  /// The content of the first chunk of this name: where it begins, and the size it claims.
  mutating func chunk(_ name: String, in layout: ChunkLayout) -> (offset: Int, size: UInt64)? {
    var offset = layout.first
    // Samples follow a handful of chunks; more is not a recording worth walking through.
    for _ in 0..<64 {
      let identifier = bytes(at: offset, count: 4)
      offset += 4
      guard
        let size = integer(
          at: offset, length: layout.sizeLength, bigEndian: layout.isBigEndian)
      else { return nil }
      offset += layout.sizeLength
      if identifier == Array(name.utf8) { return (offset, size) }
      guard size < UInt64(count) else { return nil }
      offset += Int(size) + (layout.isPadded ? Int(size % 2) : 0)
    }
    return nil
  }

  /// An unsigned integer of `length` bytes; nil past the end.
  mutating func integer(at offset: Int, length: Int, bigEndian: Bool) -> UInt64? {
    let digits = bytes(at: offset, count: length)
    guard digits.count == length else { return nil }
    return (bigEndian ? digits : digits.reversed()).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
