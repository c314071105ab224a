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
  mutating func chunk(_ name: Tag, in layout: ChunkLayout) -> (offset: Int, size: UInt64)? {
    var offset = layout.first
    // Samples follow a handful of chunks; more is not a recording worth walking through.
    for _ in 0..<64 {
      let tag = tag(at: offset)
      offset += 4
      guard
        let size = integer(
          at: offset, length: layout.sizeLength, bigEndian: layout.isBigEndian)
      else { return nil }
      offset += layout.sizeLength
      if tag == name { return (offset, size) }
      guard size < UInt64(count) else { return nil }
      offset += Int(size) + (layout.isPadded ? Int(size % 2) : 0)
    }
    return nil
  }

  /// nil past the end.
  mutating func tag(at offset: Int) -> Tag? {
    integer(at: offset, length: 4, bigEndian: true).map { Tag(code: UInt32($0)) }
  }

  /// An unsigned integer of `length` bytes, at most 8; nil past the end.
  mutating func integer(at offset: Int, length: Int, bigEndian: Bool) -> UInt64? {
    var digits = InlineArray<8, UInt8>(repeating: 0)
    var room = digits.mutableSpan
    var done = 0
    while done < length {
      var rest = room._mutatingExtracting(done..<length)
      let read = self.read(at: offset + done, into: &rest)
      guard read > 0 else { return nil }
      done += read
    }
    return (0..<length).reduce(0) { value, place in
      value << 8 | UInt64(digits[bigEndian ? place : length - 1 - place])
    }
  }
}
