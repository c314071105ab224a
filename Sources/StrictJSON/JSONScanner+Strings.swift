extension JSONScanner {
  public mutating func string() throws(JSONError) -> String {
    try begin("\"")
    let start = position
    var content: [UInt8] = []
    while let byte = next, byte >= 0x20 {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: content, as: UTF8.self) else {
          throw .encoding(at: start - bytes.startIndex)
        }
        return string
      case UInt8(ascii: "\\"): content += Array(String(try escape()).utf8)
      default: content.append(byte)
      }
    }
    throw broken()
  }

  /// What follows a backslash.
  private mutating func escape() throws(JSONError) -> Character {
    guard let byte = next else { throw broken() }
    position += 1
    switch Unicode.Scalar(byte) {
    case "\"", "\\", "/": return Character(Unicode.Scalar(byte))
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u": return Character(try scalar(at: position - 2))
    default:
      position -= 1
      throw broken()
    }
  }

  /// A code point in one escape, or in two that are a surrogate pair.
  private mutating func scalar(at start: Int) throws(JSONError) -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard UTF16.isLeadSurrogate(first), taken("\\"), taken("u") else { throw halfPair(start) }
    let second = try codeUnit()
    guard UTF16.isTrailSurrogate(second) else { throw halfPair(start) }
    return UTF16.decode(UTF16.EncodedScalar([first, second]))
  }

  private func halfPair(_ start: Int) -> JSONError { .encoding(at: start - bytes.startIndex) }

  /// Four hexadecimal digits.
  private mutating func codeUnit() throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = hexadecimalDigit(byte) else { throw broken() }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }
}

/// The value of a hexadecimal digit.
func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
