import Foundation
import StrictJSON
import Testing

private func base64(_ string: String) throws(JSONError) -> Base64Text {
  var scanner = JSONScanner(Array("\"\(string)\"".utf8)[...])
  let text = try scanner.base64()
  try scanner.finish()
  return text
}

/// All bytes, read in pieces of `size`.
private func bytes(_ text: Base64Text, by size: Int = 4096) -> [UInt8] {
  var (text, bytes) = (text, [UInt8]())
  while true {
    let piece = read(&text, at: bytes.count, size)
    if piece.isEmpty { return bytes }
    bytes += piece
  }
}

private func read(_ text: inout Base64Text, at offset: Int, _ count: Int) -> [UInt8] {
  var piece = [UInt8](repeating: 0, count: count)
  var span = piece.mutableSpan
  let length = text.read(at: offset, into: &span)
  return Array(piece.prefix(length))
}

/// Base64 as Foundation writes it, in lines and with escapes as JSON writers make them.
private func wrapped(_ bytes: [UInt8], line: Int, _ random: inout SystemRandomNumberGenerator)
  -> String
{
  var text = ""
  for (index, character) in Data(bytes).base64EncodedString().enumerated() {
    if line > 0 && index > 0 && index % line == 0 {
      text += [#"\r\n"#, #"\n  "#, #"\u000A"#, #"\t"#].randomElement(using: &random) ?? ""
    }
    switch (character, line > 0 && Bool.random(using: &random)) {
    case ("/", true): text += #"\/"#
    case ("+", true): text += #"\u002B"#
    case ("A", true): text += #"\u0041"#
    default: text.append(character)
    }
  }
  return text
}

@Suite("base64 that is decoded where it is read")
struct Base64Tests {
  @Test(
    "random bytes come back as Foundation decodes them, in lines and pieces of any length",
    arguments: [0, 1, 3, 4, 76, 977], [1, 7, 4096, 100_000])
  func random(line: Int, piece: Int) throws {
    var random = SystemRandomNumberGenerator()
    for count in [0, 1, 2, 3, 4, 5, 100, 1000, 30_001] {
      let original = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let text = try base64(wrapped(original, line: line, &random))
      #expect(text.count == count)
      #expect(bytes(text, by: piece) == original)
    }
  }

  @Test("any place can be read at any time", arguments: [0, 5, 76])
  func places(line: Int) throws {
    var random = SystemRandomNumberGenerator()
    let original = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    var text = try base64(wrapped(original, line: line, &random))
    for _ in 0..<300 {
      let start = Int.random(in: 0..<original.count)
      let length = Int.random(in: 0...300)
      #expect(read(&text, at: start, length) == Array(original[start...].prefix(length)))
    }
    #expect(read(&text, at: original.count, 1).isEmpty)
    #expect(read(&text, at: -1, 1).isEmpty)
    #expect(read(&text, at: .max, 1).isEmpty)
  }

  @Test(
    "what is no base64 is refused",
    arguments: [
      "A", "AAAAA", "A===", "====", "=", "AA=", "AA=A", "AAA=A", "AAAA=", "AA==AAAA",
      "AAA!", "data:audio/wav,AAAA", "data:;base64", "data:audio/wav;base64,A", "AAA\u{E9}",
      #"AAA\b"#, #"AAA\\"#, #"AAA\""#, #"AAA\u0021"#, #"AAA\uD83D"#,
      #"AAA\u1041"#, #"AAA\uZZZZ"#, "AAA\n", "https://example.com/a.wav", #"AA=\u003d="#,
    ])
  func refused(text: String) { #expect(throws: JSONError.notBase64("")) { try base64(text) } }

  @Test(
    "padding and bits behind the end do as Foundation does",
    arguments: ["QQ==", "QR==", "QUI=", "QUJ=", "Q U I =", #"QU\nI="#, #"QUI\u003d"#, ""])
  func padding(text: String) throws {
    let plain = text.replacing(" ", with: "").replacing(#"\n"#, with: "")
      .replacing(#"\u003d"#, with: "=")
    let expected = try #require(Data(base64Encoded: plain))
    #expect(try bytes(base64(text)) == Array(expected))
  }

  @Test(
    "the alphabet for URLs, no padding and data URLs mean what they say",
    arguments: [
      ("QQ", "QQ=="), ("QUI", "QUI="), ("-_-_", "+/+/"), ("a-_b", "a+/b"),
      ("data:audio/wav;base64,QUJD", "QUJD"), (#"data:audio\/webm;codecs=opus;base64,QQ"#, "QQ=="),
      ("data:;base64,", ""), (#"QUI\n"#, "QUI="),
    ])
  func otherForms(text: String, plain: String) throws {
    #expect(try bytes(base64(text)) == Array(try #require(Data(base64Encoded: plain))))
  }

  @Test("white space between two characters is bounded, for it is walked through each time")
  func gaps() throws {
    for place in [0, 1, 4, 8] {
      func text(_ gap: Int) -> String {
        var text = "QUJDREVG"
        text.insert(
          contentsOf: String(repeating: " ", count: gap),
          at: text.index(text.startIndex, offsetBy: place))
        return text
      }
      #expect(try bytes(base64(text(1024))) == Array("ABCDEF".utf8))
      #expect(throws: JSONError.notBase64("")) { try base64(text(1025)) }
    }
  }

  @Test("a string without an end is no JSON")
  func unterminated() {
    for text in ["\"", "\"AAAA", #""AAAA\"#, #""AAAA\u00"#, "\"AA=="] {
      #expect(throws: (any Error).self) {
        var scanner = JSONScanner(Array(text.utf8)[...])
        _ = try scanner.base64()
      }
    }
    var scanner = JSONScanner(Array("\"AAAA".utf8)[...])
    #expect(throws: JSONError.syntax(at: 5)) { try scanner.base64() }
  }
}
