/// Reads a JSON text (RFC 8259, UTF-8) from its beginning to its end, and builds nothing that nobody asks for: a tree of
/// a text from a stranger may take thirty times its memory.
///
/// Requests and the headers of weights files are read with it. Recordings in base64 may be as long as they are; all else
/// together is bounded, white space included.
public struct JSONScanner {
  /// Objects and arrays in each other.
  public static let depthLimit = 16
  /// Bytes beside the recordings.
  public static let sizeLimit = 64 * 1024

  let bytes: ArraySlice<UInt8>
  var position: Int
  /// Where reading stops: the text's end, or earlier.
  var reach: Int
  private let limit: Int
  private var depth = 0

  /// A byte order mark is stepped over (RFC 8259, 8.1).
  /// - Parameter sizeLimit: Bytes beside the recordings.
  public init(_ text: ArraySlice<UInt8>, sizeLimit: Int = Self.sizeLimit) {
    limit = sizeLimit
    bytes = text
    position = text.startIndex + (text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
    reach = min(text.endIndex, text.startIndex + sizeLimit)
  }

  /// Of the next byte, from the text's beginning.
  public var offset: Int { position - bytes.startIndex }

  /// Nothing but white space is left.
  public mutating func finish() throws(JSONError) {
    skipSpace()
    guard position == bytes.endIndex else { throw broken() }
  }

  /// Reads an object's `known` members in the order of the text, each once; others are stepped over.
  /// - Parameter required: Of the known ones.
  public mutating func object(
    _ known: [String], required: [String] = [],
    _ read: (_ name: String, _ scanner: inout JSONScanner) throws(JSONError) -> Void
  ) throws(JSONError) {
    var seen: Set<String> = []
    try members { name, scanner throws(JSONError) in
      guard known.contains(name) else { return try scanner.skip() }
      guard seen.insert(name).inserted else { throw .repeated(name) }
      do throws(JSONError) { try read(name, &scanner) } catch { throw error.inside(name) }
    }
    if let missing = required.first(where: { !seen.contains($0) }) { throw .member(missing) }
  }

  /// Reads all members of an object; names may stand twice.
  public mutating func members(
    _ read: (_ name: String, _ scanner: inout JSONScanner) throws(JSONError) -> Void
  ) throws(JSONError) {
    try sequence("{", "}") { scanner throws(JSONError) in
      scanner.skipSpace()
      guard scanner.next == UInt8(ascii: "\"") else { throw scanner.broken() }
      let name = try scanner.string()
      scanner.skipSpace()
      guard scanner.taken(":") else { throw scanner.broken() }
      try read(name, &scanner)
    }
  }

  /// Reads each element of an array.
  public mutating func array(
    _ read: (inout JSONScanner) throws(JSONError) -> Void
  ) throws(JSONError) {
    try sequence("[", "]", read)
  }

  private mutating func sequence(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    _ element: (inout JSONScanner) throws(JSONError) -> Void
  ) throws(JSONError) {
    try begin(open)
    guard depth < Self.depthLimit else { throw .tooDeep(limit: Self.depthLimit) }
    depth += 1
    defer { depth -= 1 }
    skipSpace()
    if taken(close) { return }
    repeat {
      try element(&self)
      skipSpace()
    } while taken(",")
    guard taken(close) else { throw broken() }
  }

  /// Steps over one value.
  public mutating func skip() throws(JSONError) {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): try members { _, scanner throws(JSONError) in try scanner.skip() }
    case UInt8(ascii: "["): try array { scanner throws(JSONError) in try scanner.skip() }
    default: _ = try scalar()
    }
  }
}

// MARK: Bytes

extension JSONScanner {
  /// The byte to read next; nil where there is none, or none within what may be read.
  var next: UInt8? { position < reach ? bytes[position] : nil }

  /// Takes the character, if it is the next.
  mutating func taken(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func skipSpace() {
    while let byte = next, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { position += 1 }
  }

  /// Takes what a value of the wanted type begins with.
  mutating func begin(_ character: Unicode.Scalar) throws(JSONError) {
    skipSpace()
    guard taken(character) else { throw mismatch() }
  }

  /// What stands here is not what was wanted: another value, or none.
  func mismatch() -> JSONError {
    guard let next, "{[\"-0123456789tfn".utf8.contains(next) else { return broken() }
    return .member("")
  }

  /// What stands here is not JSON, or the last that may be read.
  func broken() -> JSONError {
    position >= reach && reach < bytes.endIndex
      ? .tooLarge(limit: limit) : .syntax(at: offset)
  }
}
