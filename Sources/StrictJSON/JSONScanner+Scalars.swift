/// A value that is neither an object nor an array.
public enum JSONScalar: Equatable, Sendable {
  case string(String)
  /// As it is written.
  case number(String)
  case bool(Bool)
  case null
}

extension JSONScanner {
  public mutating func scalar() throws(JSONError) -> JSONScalar {
    skipSpace()
    switch next {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "{"), UInt8(ascii: "["): throw mismatch()
    default: return .number(try number())
    }
  }

  /// Takes null, if it is next.
  public mutating func takesNull() throws(JSONError) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: "n") else { return false }
    _ = try literal("null", .null)
    return true
  }

  /// A whole number, however it is written: 3, 3.0, 3e0.
  public mutating func integer() throws(JSONError) -> Int {
    guard case .number(let text) = try scalar(),
      let integer = Int(text) ?? Double(text).flatMap(Int.init(exactly:))
    else { throw .member("") }
    return integer
  }

  /// Zero or more, in digits alone: neither sign, fraction nor exponent.
  public mutating func wholeNumber() throws(JSONError) -> Int {
    skipSpace()
    let start = position
    try digits()
    let text = bytes[start..<position]
    let isPadded = text.count > 1 && text.first == UInt8(ascii: "0")
    guard !isPadded, let number = Int(String(decoding: text, as: UTF8.self)) else {
      throw broken()
    }
    return number
  }

  private mutating func literal(
    _ text: String, _ value: JSONScalar
  ) throws(JSONError) -> JSONScalar {
    for character in text.unicodeScalars {
      guard taken(character) else { throw broken() }
    }
    return value
  }

  private mutating func number() throws(JSONError) -> String {
    let start = position
    _ = taken("-")
    if !taken("0") { try digits() }
    if taken(".") { try digits() }
    if taken("e") || taken("E") {
      if !taken("+") { _ = taken("-") }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw broken() }
  }
}
