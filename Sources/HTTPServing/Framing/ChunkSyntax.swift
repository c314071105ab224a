/// Reads the lines of a chunked body (RFC 9112, 7.1).
struct ChunkSyntax: Sendable {
  let limits: FramingLimits
  /// Bytes of extensions so far.
  private var extensions = 0

  init(limits: FramingLimits) { self.limits = limits }

  /// The longest line that is waited for.
  var longestLine: Int { 16 + limits.chunkExtensions + 2 }

  /// - Parameter line: With its end.
  /// - Returns: The chunk's bytes; 0 for the last.
  mutating func size(_ line: Span<UInt8>) throws(FramingFault) -> UInt64 {
    var (size, digits) = (UInt64(0), 0)
    while let digit = line[digits].hexadecimal {
      guard digits < 16 else { throw .chunk }
      size = size << 4 | digit
      digits += 1
    }
    guard digits > 0, size < 1 << 62 else { throw .chunk }
    let rest = line.extracting(digits..<(line.count - 2))
    let trimmed = rest.trimmedRange
    guard trimmed.isEmpty || rest[trimmed.lowerBound] == UInt8(ascii: ";") else { throw .chunk }
    extensions += rest.count
    guard extensions <= limits.chunkExtensions else {
      throw .chunkExtensions(limit: limits.chunkExtensions)
    }
    return size
  }

  /// Checks one field after the last chunk, which is thrown away.
  /// - Parameter line: With its end.
  func checkTrailer(_ line: Span<UInt8>) throws(FramingFault) {
    guard let colon = line.first(UInt8(ascii: ":")), colon > 0,
      line.extracting(first: colon).allSatisfy(OctetSet.token.contains)
    else { throw .trailer }
  }
}
