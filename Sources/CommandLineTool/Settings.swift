/// Options from a file: `name = value` on a line of its own, named as the flags are without their dashes.
///
/// `#` begins a comment at the start of a line or after a blank; a value that holds one, or blanks at its ends, stands in
/// double quotes. An option that may be given several times has a line for each value. No value counts as none given.
public struct Settings: Sendable, Equatable {
  struct Line: Sendable, Equatable {
    let number: Int
    let name: String
    let value: String
  }

  /// The file's path, for messages.
  let path: String
  let lines: [Line]

  public init(_ text: String, path: String) throws(UsageError) {
    var lines: [Line] = []
    // Some editors begin a file with a byte order mark.
    let text = text.first == "\u{FEFF}" ? text.dropFirst() : text[...]
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let content = withoutComment(line)
      if content.isEmpty { continue }
      let parts = content.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let value = unquoted(trimmed(parts[1])) else {
        throw .malformedSetting(path: path, line: index + 1)
      }
      lines.append(Line(number: index + 1, name: String(trimmed(parts[0])), value: value))
    }
    self.path = path
    self.lines = lines
  }

  /// One line as it would stand in a file.
  static func line(_ name: String, _ value: String) -> String {
    let isPlain = !value.contains("#") && !value.hasPrefix("\"") && trimmed(value[...]) == value
    return "\(name) = \(isPlain ? value : "\"\(value)\"")"
  }
}

private func withoutComment(_ line: Substring) -> Substring {
  var previous: Character = " "
  var isQuoted = false
  for index in line.indices {
    if line[index] == "\"" { isQuoted.toggle() }
    if line[index] == "#" && previous.isWhitespace && !isQuoted { return trimmed(line[..<index]) }
    previous = line[index]
  }
  return trimmed(line)
}

private func unquoted(_ text: Substring) -> String? {
  guard text.hasPrefix("\"") else { return String(text) }
  return text.count > 1 && text.hasSuffix("\"") ? String(text.dropFirst().dropLast()) : nil
}

private func trimmed(_ text: Substring) -> Substring {
  let start = text.drop(while: \.isWhitespace)
  return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? start.prefix(0)
}
