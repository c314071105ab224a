/// Four bytes that name a container, or a part of one: "RIFF", "fmt ".
struct Tag: Equatable, ExpressibleByStringLiteral {
  private let code: UInt32

  /// - Parameter code: The bytes as a number, the first being the highest.
  init(code: UInt32) { self.code = code }

  /// - Parameter name: Latin-1 text, a byte a character.
  init(stringLiteral name: String) {
    code = name.unicodeScalars.reduce(0) { $0 << 8 | $1.value }
  }

  /// Whether all four are ASCII characters that can be seen, or spaces.
  var isPrintable: Bool {
    (0..<4).allSatisfy { 0x20...0x7E ~= code >> ($0 * 8) & 0xFF }
  }
}
