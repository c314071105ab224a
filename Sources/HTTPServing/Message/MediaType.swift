/// A media type with its parameters, as in Content-Type; Content-Disposition has the same form (RFC 9110, 8.3.1).
public struct MediaType: Sendable, Equatable {
  /// In lower case, without parameters: `multipart/form-data`.
  public let essence: String
  /// Names in lower case; of two equal names the first counts.
  public let parameters: [String: String]

  public init(_ text: String) {
    var scanner = Scanner(text)
    essence = scanner.token(until: ";").lowercased()
    var parameters: [String: String] = [:]
    while let (name, value) = scanner.parameter() {
      if parameters[name] == nil { parameters[name] = value }
    }
    self.parameters = parameters
  }
}

private struct Scanner {
  private var rest: Substring.UnicodeScalarView

  init(_ text: String) { rest = text[...].unicodeScalars }

  /// The text before `end` or the end, without the white space around it.
  mutating func token(until end: Unicode.Scalar) -> String {
    let token = rest.prefix { $0 != end && $0 != ";" }
    rest = rest[token.endIndex...]
    return trimmed(token)
  }

  /// The next `; name=value`; nil at the end, or at something that is none.
  mutating func parameter() -> (name: String, value: String)? {
    while rest.first == ";" || rest.first == " " || rest.first == "\t" { rest.removeFirst() }
    let name = token(until: "=").lowercased()
    guard rest.first == "=", !name.isEmpty else { return nil }
    rest.removeFirst()
    return (name, value())
  }

  private mutating func value() -> String {
    rest = rest.drop { $0 == " " || $0 == "\t" }
    return rest.first == "\"" ? quoted() : token(until: ";")
  }

  /// A backslash escapes a quote only: browsers send `C:\x.wav` as it is.
  private mutating func quoted() -> String {
    rest.removeFirst()
    var text = String.UnicodeScalarView()
    while let scalar = rest.popFirst(), scalar != "\"" {
      if scalar == "\\" && rest.first == "\"" {
        text.append(rest.removeFirst())
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }

  private func trimmed(_ text: Substring.UnicodeScalarView) -> String {
    let blank: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" }
    let start = text.drop(while: blank)
    let end = start.lastIndex { !blank($0) }
    return end.map { String(Substring(start[...$0])) } ?? ""
  }
}
