import StrictJSON
import Testing

/// The error that stepping over the text ends with; nil where it is valid.
private func error(_ text: some Sequence<UInt8>) -> JSONError? {
  do throws(JSONError) {
    var scanner = JSONScanner(Array(text)[...])
    try scanner.skip()
    try scanner.finish()
    return nil
  } catch {
    return error
  }
}

private func string(_ text: some Sequence<UInt8>) throws(JSONError) -> String {
  var scanner = JSONScanner(Array(text)[...])
  let string = try scanner.string()
  try scanner.finish()
  return string
}

@Suite("JSON that is stepped through")
struct ScannerTests {
  @Test(
    "what RFC 8259 allows is taken",
    arguments: [
      "{}", "[]", " [ ] ", "{\"a\" : [1 , {\"b\":null}]}", "0", "-0", "-0.5e+10", "1E-2", "1e999",
      "123456789012345678901234567890", "true", "false", "null", "\"\"", "\t\r\n 1\n",
      "\u{FEFF}{}", #""\"\\\/\b\f\n\r\t\u00e9""#, "\"\u{7F}é😀\"",
    ])
  func valid(text: String) { #expect(error(text.utf8) == nil) }

  @Test(
    "everything else is refused at its place",
    arguments: [
      ("", 0), ("{", 1), ("{]", 1), ("[1,]", 3), ("{\"a\":1,}", 7), ("{\"a\"}", 4), ("{a:1}", 1),
      ("01", 1), ("-", 1), ("1.", 2), (".5", 0), ("1e", 2), ("+1", 0), ("tru", 3), ("nul]", 3),
      ("\"a", 2), ("\"\n\"", 1), (#""\x""#, 2), (#""\u12g4""#, 5), ("{} x", 3), ("[1 2]", 3),
      ("NaN", 0), ("'a'", 0), ("/**/{}", 0), ("\u{FEFF}\u{FEFF}{}", 3), ("[1]]", 3),
    ])
  func invalid(text: String, offset: Int) { #expect(error(text.utf8) == .syntax(at: offset)) }

  @Test(
    "escapes of code points, surrogate pairs too",
    arguments: [
      (#""\u0041""#, "A"), (#""\ud83d\uDE00""#, "😀"), (#""\u0000x""#, "\0x"),
      (#""\uFFFF""#, "\u{FFFF}"),
    ])
  func escapes(text: String, value: String) throws { #expect(try string(text.utf8) == value) }

  @Test(
    "half a surrogate pair is no character",
    arguments: [#""\ud83d""#, #""\ude00""#, #""\ud83d\u0041""#, #""\ud83d\n""#, #""\ude00\ud83d""#])
  func halfPairs(text: String) {
    #expect(throws: JSONError.encoding(at: 1)) { try string(text.utf8) }
  }

  @Test(
    "bytes that are not UTF-8 are refused, in strings that nobody asks for as well",
    arguments: [
      [0x80], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF],
    ] as [[UInt8]])
  func encoding(bytes: [UInt8]) {
    #expect(error([0x22] + bytes + [0x22]) == .encoding(at: 1))
    #expect(error(Array("{\"a\":[\"".utf8) + bytes + Array("\"]}".utf8)) == .encoding(at: 7))
    #expect(error(Array("{\"".utf8) + bytes + Array("\":1}".utf8)) == .encoding(at: 2))
  }

  @Test(
    "objects and arrays stand sixteen deep in each other, not seventeen",
    arguments: ["[", "{\"a\":"])
  func depth(open: String) {
    let close = open == "[" ? "]" : "}"
    func nested(_ depth: Int) -> String {
      String(repeating: open, count: depth) + (open == "[" ? "" : "1")
        + String(repeating: close, count: depth)
    }
    #expect(error(nested(16).utf8) == nil)
    #expect(error(nested(17).utf8) == .tooDeep(limit: 16))
    #expect(
      error(String(repeating: open, count: 60_000).utf8.prefix(60_000)) == .tooDeep(limit: 16))
  }

  @Test(
    "64 KiB are read and not one byte more, whatever they are", arguments: [" ", "1,", "\"\","])
  func size(filler: String) {
    func text(_ count: Int) -> String {
      let fill = String(repeating: filler, count: (count - 3) / filler.utf8.count)
      return "[" + fill + String(repeating: " ", count: count - 3 - fill.utf8.count) + "1]"
    }
    #expect(error(text(65_536).utf8) == nil)
    #expect(error(text(65_537).utf8) == .tooLarge(limit: 65_536))
  }

  @Test("the bytes of recordings do not count, those around them do")
  func recordingsAreNotCounted() throws {
    let recording = "\"" + String(repeating: "A", count: 200_000) + "\""
    func scan(_ spaces: Int) throws(JSONError) -> Int {
      let text = "[\(recording),\(recording)" + String(repeating: " ", count: spaces) + "]"
      var scanner = JSONScanner(Array(text.utf8)[...])
      var count = 0
      try scanner.array { scanner throws(JSONError) in count += try scanner.base64().count }
      try scanner.finish()
      return count
    }
    // Two brackets, a comma and four quotes.
    #expect(try scan(65_536 - 7) == 300_000)
    #expect(throws: JSONError.tooLarge(limit: 65_536)) { try scan(65_536 - 6) }
  }

  @Test(
    "a member that is known stands once; one that is not is stepped over, however often it stands")
  func members() throws {
    func read(_ text: String) throws(JSONError) -> [String: Int] {
      var scanner = JSONScanner(Array(text.utf8)[...])
      var values: [String: Int] = [:]
      try scanner.object(["a", "b"], required: ["a"]) { name, scanner throws(JSONError) in
        values[name] = try scanner.integer()
      }
      return values
    }
    #expect(try read(#"{"x":[1],"a":1,"x":{},"\u0062":2.0}"#) == ["a": 1, "b": 2])
    #expect(throws: JSONError.repeated("a")) { try read(#"{"a":1,"\u0061":2}"#) }
    #expect(throws: JSONError.member("a")) { try read(#"{"b":1}"#) }
    #expect(throws: JSONError.member("b")) { try read(#"{"a":1,"b":"1"}"#) }
    #expect(throws: JSONError.member("b")) { try read(#"{"a":1,"b":1.5}"#) }
    #expect(throws: JSONError.member("b")) { try read(#"{"a":1,"b":12345678901234567890}"#) }
    #expect(throws: JSONError.member("")) { try read("[]") }
  }

  @Test(
    "a whole number is digits alone",
    arguments: [
      ("0", 0), (" 12", 12), ("-1", nil), ("01", nil), ("1.0", nil), ("1e1", nil), ("", nil),
    ])
  func wholeNumbers(text: String, value: Int?) {
    var scanner = JSONScanner(Array(text.utf8)[...])
    let number = try? scanner.wholeNumber()
    #expect((try? scanner.finish()) == nil ? value == nil : number == value)
  }
}
