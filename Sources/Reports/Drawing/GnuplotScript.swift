/// Gnuplot commands, with the data they draw.
struct GnuplotScript: Sendable {
  private(set) var text = ""

  mutating func add(_ lines: String) { text += lines + "\n" }

  /// Numbers in rows, which the commands after it call `$name`; NaN is drawn as nothing. A row of no
  /// numbers parts two lines.
  mutating func data(_ name: String, _ rows: [[Double]]) {
    add("$\(name) << END")
    for row in rows { add(row.map(Self.number).joined(separator: " ")) }
    add("END")
  }

  /// Longer texts are cut: a picture has no room for them.
  private static let textLimit = 80

  /// A text that gnuplot shows as it is, but on one line: every sign that may mean something to gnuplot is written by its
  /// number. (In single quotes a text must not begin with one: gnuplot 5.4 takes the doubled quote for the text's end.)
  static func quoted(_ text: String) -> String {
    let isLong = text.count > textLimit
    let shown = isLong ? text.prefix(textLimit - 1) + "…" : text[...]
    return "\"" + shown.unicodeScalars.map(escaped).joined() + "\""
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let properties = scalar.properties
    if properties.isWhitespace || properties.generalCategory == .control { return " " }
    if !scalar.isASCII || properties.isAlphabetic || ("0"..."9").contains(scalar) {
      return String(scalar)
    }
    let digits = String(scalar.value, radix: 8)
    return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
  }

  /// Words along an axis, the first at 0. Here alone gnuplot takes a percent sign for a format.
  static func tics(_ words: [String]) -> String {
    let marks = words.enumerated().map { place, word in
      "\(quoted(word.replacing("%", with: "%%"))) \(place)"
    }
    return "(" + marks.joined(separator: ", ") + ")"
  }

  static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "NaN" }
}
