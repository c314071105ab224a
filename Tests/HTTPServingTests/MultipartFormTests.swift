import HTTPServing
import Testing

private func form(
  _ body: String, boundary: String = "b", maxParts: Int = 64
) throws -> [MultipartForm.Part] {
  try MultipartForm(
    Array(body.utf8), contentType: MediaType("multipart/form-data; boundary=\(boundary)"),
    maxParts: maxParts
  ).parts
}

private func part(_ content: String, header: String = "Content-Disposition: form-data; name=f")
  -> String
{
  "--b\r\n\(header)\r\n\r\n\(content)\r\n"
}

@Test("parts are found with their names, types and exact bytes")
func parts() throws {
  let header =
    "content-disposition:form-data;  NAME=\"file\"; filename=\"a \\\"b\\\" C:\\x;y.wav\"\r\nContent-Type: audio/wav"
  let parts = try form(
    "preamble\r\n" + part("a\r\n\r\n--bx\r\n--", header: header) + part("") + "--b--\r\nepilogue")
  #expect(parts.count == 2)
  #expect(parts[0].name == "file")
  #expect(parts[0].fileName == "a \"b\" C:\\x;y.wav")
  #expect(parts[0].contentType == "audio/wav")
  #expect(Array(parts[0].content) == Array("a\r\n\r\n--bx\r\n--".utf8))
  #expect(parts[1].name == "f")
  #expect(parts[1].fileName == nil)
  #expect(parts[1].content.isEmpty)
}

@Test(
  "names of files are read as browsers and Python write them, cleaned and cut",
  arguments: [
    ("filename=\"%22a%22%0D%0A.wav\"", "\"a\"\u{FFFD}\u{FFFD}.wav"),
    ("filename*=UTF-8''na%C3%AFve.wav", "naïve.wav"), ("filename*=latin1''x", nil),
    ("filename=\"a\u{202E}\u{7}\u{2028}.wav\"", "a\u{FFFD}\u{FFFD}\u{FFFD}.wav"),
    ("filename=\"👨‍👩‍👧.wav\"", "👨‍👩‍👧.wav"), ("filename=50%.wav", "50%.wav"),
    ("filename=\"\(String(repeating: "é", count: 5000))\"", String(repeating: "é", count: 127)),
  ])
func fileNames(parameter: String, name: String?) throws {
  let header = "Content-Disposition: form-data; name=\"file\"; \(parameter)"
  #expect(try form(part("x", header: header) + "--b--").first?.fileName == name)
}

@Test("a name that is not UTF-8 is made so")
func fileNameBytes() throws {
  let head = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a"
  let body = Array(head.utf8) + [0xFF, 0xC3] + Array("\"\r\n\r\n\r\n--b--".utf8)
  let found = try MultipartForm(
    body, contentType: MediaType("multipart/form-data; boundary=b"))
  #expect(found.parts.first?.fileName == "a\u{FFFD}\u{FFFD}")
}

@Test("every byte value passes through unchanged")
func binary() throws {
  let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
  let head = "--b\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n"
  let body = Array(head.utf8) + content + Array("\r\n--b--".utf8)
  let parts = try MultipartForm(
    body, contentType: MediaType("multipart/form-data;boundary=\"b\"; charset=utf-8")
  ).parts
  #expect(parts.count == 1)
  #expect(Array(parts[0].content) == content)
}

@Test("a form without parts has none")
func empty() throws {
  #expect(try form("--b--").isEmpty)
  #expect(try form("--b--\r\n").isEmpty)
}

@Test(
  "a broken body is refused",
  arguments: [
    ("", MultipartError.unterminated), ("--b", .unterminated), ("no boundary", .unterminated),
    ("--b\r\n", .badPartHeader), ("--b\r\nContent-Disposition: x", .badPartHeader),
    ("--b\r\nno colon\r\n\r\nx\r\n--b--", .badPartHeader),
    ("--b\r\n\r\nx", .unterminated), ("--b\r\n\r\nx\r\n--bb--", .unterminated),
    (
      "--b\r\nContent-Transfer-Encoding: BASE64\r\n\r\nx\r\n--b--", .encodedPart("base64")
    ),
    ("--b\r\nA: " + String(repeating: "x", count: 17_000) + "\r\n\r\nx\r\n--b--", .badPartHeader),
  ])
func refusals(body: String, error: MultipartError) {
  #expect(throws: error) { try form(body) }
}

@Test("so many parts and no more")
func limit() throws {
  let body = part("1") + part("2") + "--b--"
  #expect(try form(body, maxParts: 2).count == 2)
  #expect(throws: MultipartError.tooManyParts(limit: 1)) { try form(body, maxParts: 1) }
}

@Test(
  "a boundary that is none is refused",
  arguments: [
    ("text/plain", MultipartError.notMultipart), ("multipart/form-data", .noBoundary),
    ("multipart/form-data; boundary=", .noBoundary),
    ("multipart/form-data; boundary=" + String(repeating: "x", count: 71), .noBoundary),
  ])
func boundaries(contentType: String, error: MultipartError) {
  #expect(throws: error) {
    try MultipartForm(Array("--b--".utf8), contentType: MediaType(contentType))
  }
}

@Test("whatever the bytes are, parsing ends in parts or an error")
func mutations() throws {
  let whole = Array((part("hello") + part("\r\n--b") + "--b--\r\n").utf8)
  var generator = SystemRandomNumberGenerator()
  for _ in 0..<2000 {
    var body = Array(whole.prefix(Int.random(in: 0...whole.count, using: &generator)))
    for _ in 0..<3 where !body.isEmpty {
      let choices: [UInt8] = [0, 10, 13, 45, 98, 58, 255]
      body[Int.random(in: body.indices)] = choices.randomElement()!
    }
    _ = try? MultipartForm(body, contentType: MediaType("multipart/form-data; boundary=b"))
  }
}
