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

  /// A string as gnuplot reads it: in single quotes nothing is substituted.
  static func quoted(_ string: String) -> String {
    let line = String(string.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    return "'"
      + line.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "''") + "'"
  }

  /// Words along an axis, the first at 0.
  static func tics(_ words: [String]) -> String {
    "(" + words.enumerated().map { "\(quoted($1)) \($0)" }.joined(separator: ", ") + ")"
  }

  static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "NaN" }
}
