// Kinds of bytes that HTTP's grammar tells apart (RFC 9110, 5.6), as sets of ASCII characters.

struct OctetSet: Sendable {
  private let low: UInt64
  private let high: UInt64

  init(_ members: StaticString) {
    var (low, high) = (UInt64(0), UInt64(0))
    for byte in "\(members)".utf8 {
      if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte & 63) }
    }
    self.low = low
    self.high = high
  }

  func contains(_ byte: UInt8) -> Bool {
    guard byte < 128 else { return false }
    return (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 == 1
  }

  static let token = OctetSet(
    "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
  /// Of a host with its port (RFC 3986, 3.2.2), without the comma, which joins two fields in one.
  static let host = OctetSet(
    "!$%&'()*+-.;=_~:[]0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
}

extension UInt8 {
  static let tab: UInt8 = 9
  static let lineFeed: UInt8 = 10
  static let carriageReturn: UInt8 = 13
  static let space: UInt8 = 32

  var isControl: Bool { (self < 32 && self != .tab) || self == 127 }
  var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
  var isBlank: Bool { self == .space || self == .tab }

  /// The value of a hexadecimal digit.
  var hexadecimal: UInt64? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(self - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(self - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(self - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}

extension Span<UInt8> {
  /// The place of the first such byte at or after `start`.
  func first(_ byte: UInt8, from start: Int = 0) -> Int? {
    var index = start
    while index < count {
      if self[index] == byte { return index }
      index += 1
    }
    return nil
  }

  func allSatisfy(_ predicate: (UInt8) -> Bool) -> Bool {
    for index in indices where !predicate(self[index]) { return false }
    return true
  }

  func count(of byte: UInt8) -> Int {
    var found = 0
    for index in indices where self[index] == byte { found += 1 }
    return found
  }

  /// - Parameter text: In lower case; letters are compared without regard to case.
  func equals(_ text: StaticString, ignoringCase: Bool = true) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { wanted in
      for index in indices {
        let (found, expected) = unsafe (self[index], wanted[index])
        if found == expected { continue }
        guard ignoringCase, found | 0x20 == expected, expected >= UInt8(ascii: "a") else {
          return false
        }
      }
      return true
    }
  }

  func hasPrefix(_ text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount
      && extracting(first: text.utf8CodeUnitCount).equals(text)
  }

  /// Where something stands between blanks at both ends.
  var trimmedRange: Range<Int> {
    var (start, end) = (0, count)
    while start < end, self[start].isBlank { start += 1 }
    while end > start, self[end - 1].isBlank { end -= 1 }
    return start..<end
  }
}
