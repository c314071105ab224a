/// What one character of base64 in a JSON string stands for: 0 to 63, or one of these.
enum Base64Symbol {
  static let space: UInt8 = 64
  static let padding: UInt8 = 65
  static let quote: UInt8 = 66
  static let backslash: UInt8 = 67
  static let other: UInt8 = 255

  /// By byte.
  static let table: [UInt8] = {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    var table = [UInt8](repeating: other, count: 256)
    for (value, byte) in alphabet.utf8.enumerated() { table[Int(byte)] = UInt8(value) }
    // The alphabet for URLs (RFC 4648, 5).
    table[Int(UInt8(ascii: "-"))] = 62
    table[Int(UInt8(ascii: "_"))] = 63
    table[Int(UInt8(ascii: " "))] = space
    table[Int(UInt8(ascii: "="))] = padding
    table[Int(UInt8(ascii: "\""))] = quote
    table[Int(UInt8(ascii: "\\"))] = backslash
    return table
  }()

  /// The symbol that an escape stands for, and the bytes of the escape. Some writers escape the slash, others the plus.
  static func escaped(_ text: Span<UInt8>, at index: Int) -> (symbol: UInt8, length: Int) {
    guard index + 1 < text.count else { return (other, 1) }
    switch text[index + 1] {
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): return (space, 2)
    case UInt8(ascii: "/"): return (table[Int(UInt8(ascii: "/"))], 2)
    case UInt8(ascii: "u"): return (numbered(text, at: index + 2), 6)
    default: return (other, 2)
    }
  }

  /// The symbol of a character that is written as four hexadecimal digits.
  private static func numbered(_ text: Span<UInt8>, at index: Int) -> UInt8 {
    guard index + 4 <= text.count else { return other }
    var code = 0
    for place in index..<index + 4 {
      guard let digit = hexadecimalDigit(text[place]) else { return other }
      code = code << 4 | Int(digit)
    }
    if [9, 10, 13].contains(code) { return space }
    guard code < 256, table[code] <= padding else { return other }
    return table[code]
  }
}
