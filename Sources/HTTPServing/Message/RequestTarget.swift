/// The path and query of a request, decoded (RFC 3986).
public struct RequestTarget: Sendable, Equatable {
  /// As sent, without the query.
  public let path: String
  /// The path's parts between slashes, percent-decoded: `/v2/models/a%2Fb` is `["v2", "models", "a/b"]`.
  public let segments: [String]
  /// Query parameters in their order; `+` is a space, a name without `=` has an empty value.
  public let query: [Parameter]

  public struct Parameter: Sendable, Equatable {
    public let name: String
    public let value: String
  }

  init(path: String, segments: [String], query: [Parameter]) {
    self.path = path
    self.segments = segments
    self.query = query
  }

  /// Takes the origin form, the absolute form and `*`.
  /// - Returns: nil when an escape is broken, the text is not UTF-8, or a NUL is in it.
  public init?(_ target: String) {
    guard let target = originForm(target) else { return nil }
    let parts = HTTPServing.parts(of: target, at: "?", most: 2)
    let first = parts[0]
    guard first.utf8.first == UInt8(ascii: "/") || first == "*" else { return nil }
    path = String(first)
    var segments: [String] = []
    for part in HTTPServing.parts(of: first.dropFirst(), at: "/") {
      guard let segment = percentDecoded(part, plusIsSpace: false) else { return nil }
      segments.append(segment)
    }
    self.segments = segments
    guard let query = parameters(in: parts.count > 1 ? parts[1] : "") else { return nil }
    self.query = query
  }

  /// The first query parameter of that name.
  public subscript(_ name: String) -> String? { query.first { $0.name == name }?.value }
}

/// What stands behind scheme and authority of an absolute target, which is read as if it stood alone (RFC 9112, 3.2.2).
/// - Returns: nil where the authority is empty, or holds a user's name.
private func originForm(_ target: String) -> Substring? {
  if target.utf8.first == UInt8(ascii: "/") { return target[...] }
  guard let scheme = ["http://", "https://"].first(where: { hasPrefix(target, $0) }) else {
    return target[...]
  }
  let rest = target.dropFirst(scheme.count)
  let authority = rest.prefix { $0 != "/" && $0 != "?" }
  guard !authority.isEmpty, !authority.contains("@") else { return nil }
  let path = rest.dropFirst(authority.count)
  return path.first == "/" ? path : "/" + path
}

private func hasPrefix(_ text: String, _ scheme: String) -> Bool {
  text.utf8.count > scheme.utf8.count
    && equalIgnoringCase(String(text.prefix(scheme.count)), scheme)
}

private func parameters(in text: Substring) -> [RequestTarget.Parameter]? {
  var parameters: [RequestTarget.Parameter] = []
  for pair in parts(of: text, at: "&") where !pair.isEmpty {
    let parts = HTTPServing.parts(of: pair, at: "=", most: 2)
    guard let name = percentDecoded(parts[0], plusIsSpace: true),
      let value = percentDecoded(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
    else { return nil }
    parameters.append(RequestTarget.Parameter(name: name, value: value))
  }
  return parameters
}

/// Parts a text byte by byte: a target may be long, and looking for characters takes many times as long.
private func parts(
  of text: Substring, at separator: Unicode.Scalar, most: Int = .max
) -> [Substring] {
  text.utf8.split(
    separator: UInt8(ascii: separator), maxSplits: most - 1, omittingEmptySubsequences: false
  ).map(Substring.init)
}

func percentDecoded(_ text: Substring, plusIsSpace: Bool) -> String? {
  let source = Array(text.utf8)
  var bytes: [UInt8] = []
  bytes.reserveCapacity(source.count)
  var index = 0
  while index < source.count {
    switch source[index] {
    case UInt8(ascii: "%"):
      guard index + 2 < source.count, let high = source[index + 1].hexadecimal,
        let low = source[index + 2].hexadecimal
      else { return nil }
      bytes.append(UInt8(high << 4 | low))
      index += 2
    case UInt8(ascii: "+") where plusIsSpace: bytes.append(.space)
    case let byte: bytes.append(byte)
    }
    index += 1
  }
  return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
}
