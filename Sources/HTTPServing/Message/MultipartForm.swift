/// The parts of a `multipart/form-data` body (RFC 7578), which share the body's memory.
///
/// libmicrohttpd's post processor is not used: it wants the boundary as Content-Type's last parameter, exactly one space
/// after a header's colon and quotes around names, all of which clients may do otherwise; and it needs a connection.
public struct MultipartForm: Sendable {
  public struct Part: Sendable {
    /// The form field's name.
    public let name: String?
    /// As the client names the file, cleaned; nil where it does not.
    public let fileName: String?
    public let contentType: String?
    public let content: ArraySlice<UInt8>
  }

  public let parts: [Part]

  /// - Parameters:
  ///   - contentType: The request's, which names the boundary.
  ///   - maxParts: More parts are refused.
  public init(
    _ body: [UInt8], contentType: MediaType, maxParts: Int = 64
  ) throws(MultipartError) {
    guard contentType.essence == "multipart/form-data" else { throw .notMultipart }
    guard let boundary = contentType.parameters["boundary"], (1...70).contains(boundary.utf8.count)
    else { throw .noBoundary }
    var parser = Parser(body: body, delimiter: Array("--\(boundary)".utf8))
    var parts: [Part] = []
    try parser.skipPreamble()
    while let part = try parser.next() {
      if parts.count == maxParts { throw .tooManyParts(limit: maxParts) }
      parts.append(part)
    }
    self.parts = parts
  }
}

/// What is wrong with a multipart body.
public enum MultipartError: Error, Equatable {
  case notMultipart
  /// Content-Type names no boundary, or one that is empty or longer than 70 bytes.
  case noBoundary
  /// The body ends before the closing boundary.
  case unterminated
  /// A part's header is not of the form `Name: value`, or has no end.
  case badPartHeader
  case tooManyParts(limit: Int)
  /// A Content-Transfer-Encoding other than binary: HTTP has no need of it, RFC 7578 gave it up.
  case encodedPart(String)
}

extension MultipartError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notMultipart: "the body is not multipart/form-data"
    case .noBoundary: "Content-Type names no boundary of 1 to 70 bytes"
    case .unterminated: "the multipart body ends before its closing boundary"
    case .badPartHeader: "a part's header cannot be read"
    case .tooManyParts(let limit): "there are more than \(limit) parts"
    case .encodedPart(let encoding): "a part is encoded as \(encoding); send it as it is"
    }
  }
}

private struct Parser {
  private static let headerLimit = 16 * 1024

  private let body: [UInt8]
  private let delimiter: [UInt8]
  private var position = 0
  private var isClosed = false

  init(body: [UInt8], delimiter: [UInt8]) {
    self.body = body
    self.delimiter = delimiter
  }

  /// Goes to the first part; what stands before it is to be ignored (RFC 2046, 5.1.1).
  mutating func skipPreamble() throws(MultipartError) {
    if passDelimiter(at: 0) { return }
    _ = try advancePastDelimiter()
  }

  /// The next part, nil after the closing boundary.
  mutating func next() throws(MultipartError) -> MultipartForm.Part? {
    if isClosed { return nil }
    let fields = try header()
    let start = position
    let end = try advancePastDelimiter()
    return try part(fields, content: body[start..<end])
  }

  private func part(
    _ fields: HeaderFields, content: ArraySlice<UInt8>
  ) throws(MultipartError) -> MultipartForm.Part {
    if let encoding = fields["Content-Transfer-Encoding"]?.lowercased(),
      !["binary", "8bit", "7bit"].contains(encoding)
    {
      throw .encodedPart(encoding)
    }
    let disposition = fields["Content-Disposition"].map { MediaType($0).parameters } ?? [:]
    let fileName = disposition["filename*"].flatMap(extendedValue) ?? disposition["filename"]
    return MultipartForm.Part(
      name: disposition["name"], fileName: fileName.map(cleanedFileName),
      contentType: fields["Content-Type"], content: content)
  }

  /// Reads lines up to the empty one.
  private mutating func header() throws(MultipartError) -> HeaderFields {
    var fields = HeaderFields()
    let start = position
    while true {
      guard let end = find([13, 10], from: position), end - start <= Parser.headerLimit else {
        throw .badPartHeader
      }
      let line = body[position..<end]
      position = end + 2
      if line.isEmpty { return fields }
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .badPartHeader }
      fields.add(trimmedText(line[..<colon]), trimmedText(line[(colon + 1)...]))
    }
  }

  /// Goes behind the next delimiter line.
  /// - Returns: Where the content before it ends.
  private mutating func advancePastDelimiter() throws(MultipartError) -> Int {
    let line = [13, 10] + delimiter
    var from = position
    while let end = find(line, from: from) {
      if passDelimiter(at: end + 2) { return end }
      from = end + 2
    }
    throw .unterminated
  }

  /// Goes behind the delimiter line that begins there, if one does.
  private mutating func passDelimiter(at start: Int) -> Bool {
    guard body[start...].starts(with: delimiter) else { return false }
    let rest = body[(start + delimiter.count)...]
    if rest.starts(with: "--".utf8) {
      isClosed = true
      return true
    }
    let end = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    guard end.starts(with: [13, 10]) else { return false }
    position = end.startIndex + 2
    return true
  }

  /// Where `pattern` begins next. Patterns begin with a byte that is rare in most bodies.
  private func find(_ pattern: [UInt8], from start: Int) -> Int? {
    let bytes = body.span
    let last = bytes.count - pattern.count
    var index = start
    while index <= last {
      if bytes[index] == pattern[0] && body[index...].starts(with: pattern) { return index }
      index += 1
    }
    return nil
  }
}

private func trimmedText(_ bytes: ArraySlice<UInt8>) -> String {
  let blank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  let start = bytes.drop(while: blank)
  let end = start.lastIndex { !blank($0) }
  return end.map { String(decoding: start[...$0], as: UTF8.self) } ?? ""
}
