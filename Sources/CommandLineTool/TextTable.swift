/// Rows in aligned columns: the first to the left, the others, figures as a rule, to the right.
public struct TextTable: Sendable {
  private var rows: [[String]]

  public init(header: [String]) {
    rows = [header]
  }

  public var header: [String] { rows[0] }

  /// The rows under the header.
  public var body: [[String]] { Array(rows.dropFirst()) }

  public mutating func add(_ row: [String]) {
    precondition(row.count == rows[0].count, "\(row.count) cells under \(rows[0].count) headings")
    rows.append(row)
  }

  /// One line per row, each ended.
  public var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + space : space + cell.0
      }
      return cells.joined(separator: "  ") + "\n"
    }.joined()
  }

  /// The same as Markdown.
  public var markdown: String {
    let rule = rows[0].indices.map { $0 == 0 ? "---" : "--:" }
    return ([rows[0], rule] + rows.dropFirst()).map { row in
      let cells = row.map { $0.split(separator: "|").joined(separator: "\\|") }
      return "| " + cells.joined(separator: " | ") + " |\n"
    }.joined()
  }
}

/// `value` with `digits` after the point.
public func fixed(_ value: Double, _ digits: Int = 3) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let scaled = Int((abs(value) * scale).rounded())
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard digits > 0 else { return sign + "\(scaled)" }
  let fraction = "\(scaled % Int(scale))"
  let zeros = String(repeating: "0", count: digits - fraction.count)
  return "\(sign)\(scaled / Int(scale)).\(zeros)\(fraction)"
}
