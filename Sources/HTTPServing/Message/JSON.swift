import Glibc

/// A JSON text in the making whose objects keep their members' order: a coder would sort them, or shuffle.
public enum JSON: Sendable, Equatable {
  case object([Member])
  case array([JSON])
  case string(String)
  case integer(Int)
  /// Finite; what is not has no form in JSON and becomes null.
  case number(Double)
  /// The same, with six significant digits: what a float holds beyond them is chance.
  case float(Float)
  case bool(Bool)
  case null
  /// A JSON text made elsewhere.
  case encoded(String)

  public struct Member: Sendable, Equatable {
    public let name: String
    public let value: JSON

    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// An object without the members whose value is nil.
  public static func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    .object(members.compactMap { name, value in value.map { Member(name, $0) } })
  }

  /// The text, on one line.
  public var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  /// The text as an answer.
  public func response(_ status: Status = .ok, contentType: String = "application/json") -> Response
  {
    Response(status, contentType: contentType, body: Array(text.utf8))
  }

  private func write(to text: inout String) {
    switch self {
    case .object(let members): write(members, "{", "}", to: &text) { Self.write($0, to: &$1) }
    case .array(let values): write(values, "[", "]", to: &text) { $0.write(to: &$1) }
    case .string(let string): Self.write(string, to: &text)
    case .integer(let integer): text += "\(integer)"
    case .number(let number): text += number.isFinite ? "\(number)" : "null"
    case .float(let number): text += number.isFinite ? "\(rounded(Double(number)))" : "null"
    case .bool(let bool): text += bool ? "true" : "false"
    case .null: text += "null"
    case .encoded(let encoded): text += encoded
    }
  }

  private func write<Element>(
    _ elements: [Element], _ open: String, _ close: String, to text: inout String,
    _ writeElement: (Element, inout String) -> Void
  ) {
    text += open
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      writeElement(element, &text)
    }
    text += close
  }

  private static func write(_ member: Member, to text: inout String) {
    write(member.name, to: &text)
    text += ":"
    member.value.write(to: &text)
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    // Run by run: nearly all strings are plain, and appending one whole is much faster than character by character.
    var rest = string[...].utf8
    while let place = rest.firstIndex(where: needsEscape) {
      text += Substring(rest[..<place])
      text += escape(rest[place])
      rest = rest[rest.index(after: place)...]
    }
    text += Substring(rest)
    text += "\""
  }

  /// All of them are ASCII, so that no other character is ever cut.
  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func escape(_ byte: UInt8) -> String {
    switch Unicode.Scalar(byte) {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default:
      let digits = String(byte, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }
}

/// To six significant digits.
private func rounded(_ number: Double) -> Double {
  guard number != 0 else { return number }
  // Powers of ten up to 10^22 are exact, so that the quotient is the number nearest to its decimal digits.
  let digits = 5 - Int(log10(abs(number)).rounded(.down))
  let scale = pow(10, Double(abs(digits)))
  return digits < 0 ? (number / scale).rounded() * scale : (number * scale).rounded() / scale
}
