/// Finds where a header, or a line of a chunked body, ends, however its bytes are cut into pieces.
///
/// A line ends in CR LF. A header ends with an empty line; one empty line before it is put up with (RFC 9112, 2.2).
struct LineScanner: Sendable {
  /// Bytes looked at.
  private(set) var length = 0
  private(set) var lines = 0
  /// Bytes of the line under way, its end included.
  private var lineLength = 0
  private var follows: UInt8 = 0
  /// Bytes of an empty line that came first.
  private(set) var lead = 0

  enum Unit { case line, header }

  /// Goes through the bytes from `start` on.
  /// - Returns: The place behind the end; nil when the end is not among them.
  mutating func end(
    of unit: Unit, in bytes: Span<UInt8>, from start: Int
  ) throws(FramingFault) -> Int? {
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      length += 1
      lineLength += 1
      if byte == .lineFeed || follows == .carriageReturn {
        guard byte == .lineFeed, follows == .carriageReturn else { throw .lineEnd }
        if try endsLine(unit) { return index }
      } else if byte.isControl && byte != .carriageReturn {
        throw .control
      }
      follows = byte
    }
    return nil
  }

  /// - Returns: Whether the unit is complete with this line.
  private mutating func endsLine(_ unit: Unit) throws(FramingFault) -> Bool {
    let isEmpty = lineLength == 2
    lineLength = 0
    if unit == .line { return true }
    guard isEmpty else {
      lines += 1
      return false
    }
    if lines > 0 { return true }
    guard lead == 0 else { throw .requestLine }
    lead = 2
    return false
  }
}
