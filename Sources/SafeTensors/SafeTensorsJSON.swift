/// Steps through the JSON that a `.safetensors` header may hold: objects, strings, and arrays of
/// whole numbers. A general decoder would drop the second of two equal keys without a word.
struct JSONScanner {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Of the next byte, counted from the start of the header.
  var offset: Int { position - bytes.startIndex }

  func expected(_ what: String) -> TensorFileError {
    .malformedHeader(at: offset, expected: what)
  }

  /// `{"key": value, …}`: `value` reads what follows each key.
  mutating func members(
    _ value: (inout JSONScanner, String) throws(TensorFileError) -> Void
  ) throws(TensorFileError) {
    try sequence("{", "}") { scanner throws(TensorFileError) in
      let key = try scanner.key()
      try value(&scanner, key)
    }
  }

  /// `[1, 2, …]`.
  mutating func integers() throws(TensorFileError) -> [Int] {
    var numbers: [Int] = []
    try sequence("[", "]") { scanner throws(TensorFileError) in
      numbers.append(try scanner.integer())
    }
    return numbers
  }

  /// Nothing but white space is left.
  mutating func end() throws(TensorFileError) {
    skipSpace()
    guard position == bytes.endIndex else { throw expected("the end") }
  }

  private mutating func sequence(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    _ element: (inout JSONScanner) throws(TensorFileError) -> Void
  ) throws(TensorFileError) {
    try take(open)
    guard !taken(close) else { return }
    repeat {
      try element(&self)
    } while taken(",")
    try take(close)
  }

  private mutating func key() throws(TensorFileError) -> String {
    let key = try string()
    guard key.utf8.count <= TensorFileLimits.nameBytes else {
      throw .nameTooLong(bytes: key.utf8.count, limit: TensorFileLimits.nameBytes)
    }
    try take(":")
    return key
  }

  /// Zero or more, digits only: neither sign, fraction nor exponent.
  private mutating func integer() throws(TensorFileError) -> Int {
    skipSpace()
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    let digits = bytes[start..<position]
    let padded = digits.count > 1 && digits.first == UInt8(ascii: "0")
    guard !padded, let number = Int(String(decoding: digits, as: UTF8.self)) else {
      throw expected("a whole number")
    }
    return number
  }
}

// MARK: - Strings

extension JSONScanner {
  mutating func string() throws(TensorFileError) -> String {
    try take("\"")
    var content: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw expected("no control character in a string") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        content += String(try escaped()).utf8
      } else {
        content.append(byte)
      }
    }
    try take("\"")
    guard let string = String(validating: content, as: UTF8.self) else {
      throw expected("UTF-8 before this")
    }
    return string
  }

  private mutating func escaped() throws(TensorFileError) -> Unicode.Scalar {
    guard let byte = next else { throw expected("an escape") }
    position += 1
    switch Unicode.Scalar(byte) {
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u": return try unicodeScalar()
    case "\"", "\\", "/": return Unicode.Scalar(byte)
    default: throw expected("an escape")
    }
  }

  /// What follows `\u`: one UTF-16 unit, or a surrogate and its escaped partner.
  private mutating func unicodeScalar() throws(TensorFileError) -> Unicode.Scalar {
    let high = try hexadecimalUnit()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high < 0xDC00, bytes[position...].starts(with: "\\u".utf8) else {
      throw expected("the second half of a surrogate pair")
    }
    position += 2
    let low = try hexadecimalUnit()
    guard (0xDC00..<0xE000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    else { throw expected("the second half of a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimalUnit() throws(TensorFileError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw expected("four hexadecimal digits")
      }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }
}

// MARK: - Bytes

extension JSONScanner {
  private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func taken(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func take(_ scalar: Unicode.Scalar) throws(TensorFileError) {
    guard taken(scalar) else { throw expected(String(scalar)) }
  }
}
