internal import FileIO

/// A table with a header row: comma-separated, or tab-separated if the name ends in `.tsv`.
/// Quotes as in RFC 4180: a field in quotation marks may hold separators, line ends and doubled marks.
struct Table {
  struct Row {
    /// Where the row begins, counted from 1.
    let line: Int
    fileprivate let fields: [String: String]

    /// Trimmed of spaces; nil when the column or its content is missing.
    subscript(column: String) -> String? {
      let field = fields[column.lowercased()]?.trimmed ?? ""
      return field.isEmpty ? nil : field
    }
  }

  let columns: [String]
  let rows: [Row]

  private static let limit = 256 << 20

  init(contentsOf path: String) throws(CorpusError) {
    let bytes: [UInt8]
    do {
      bytes = try File(path).read(limit: Self.limit)
    } catch {
      throw error.reason == .notFound ? .notFound(path: path) : .unreadable(error)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText(path: path) }
    let separator: Unicode.Scalar = path.lowercased().hasSuffix(".tsv") ? "\t" : ","
    do {
      self.init(records: try delimitedRecords(in: text, separator: separator))
    } catch {
      throw .quoting(path: path, line: error.line)
    }
  }

  private init(records: [DelimitedRecord]) {
    let columns = records.first?.fields.map { $0.trimmed.lowercased() } ?? []
    self.columns = columns
    rows = records.dropFirst().map { record in
      let pairs = zip(columns, record.fields)
      return Row(
        line: record.line, fields: Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
    }
  }
}

struct DelimitedRecord: Equatable {
  let line: Int
  var fields: [String]
}

struct QuotingError: Error, Equatable {
  let line: Int
}

/// The records of a delimited text; empty lines and a byte-order mark are passed over.
func delimitedRecords(
  in text: String, separator: Unicode.Scalar
) throws(QuotingError) -> [DelimitedRecord] {
  var reader = DelimitedReader(text: text.unicodeScalars[...], separator: separator)
  if reader.text.first == "\u{FEFF}" { reader.text.removeFirst() }
  var records: [DelimitedRecord] = []
  while let record = try reader.record() {
    if record.fields != [""] { records.append(record) }
  }
  return records
}

private struct DelimitedReader {
  var text: Substring.UnicodeScalarView
  let separator: Unicode.Scalar
  var line = 1

  mutating func record() throws(QuotingError) -> DelimitedRecord? {
    guard !text.isEmpty else { return nil }
    var record = DelimitedRecord(line: line, fields: [])
    repeat {
      record.fields.append(try field())
    } while take(separator)
    if take("\r") { _ = take("\n") } else { _ = take("\n") }
    line += 1
    return record
  }

  private mutating func field() throws(QuotingError) -> String {
    if text.first == "\"" { return try quoted() }
    let end = text.firstIndex { $0 == separator || $0 == "\n" || $0 == "\r" } ?? text.endIndex
    defer { text = text[end...] }
    return String(text[..<end])
  }

  private mutating func quoted() throws(QuotingError) -> String {
    let start = line
    var content = String.UnicodeScalarView()
    text.removeFirst()
    while let scalar = text.popFirst() {
      if scalar == "\n" { line += 1 }
      guard scalar == "\"" else {
        content.append(scalar)
        continue
      }
      if take("\"") {
        content.append("\"")
      } else if atFieldEnd {
        return String(content)
      } else {
        throw QuotingError(line: line)
      }
    }
    throw QuotingError(line: start)
  }

  private var atFieldEnd: Bool {
    text.first.map { $0 == separator || $0 == "\n" || $0 == "\r" } ?? true
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard text.first == scalar else { return false }
    text.removeFirst()
    return true
  }
}

extension StringProtocol {
  var trimmed: String {
    let isSpace = { (character: Character) in character.isWhitespace }
    let start = drop(while: isSpace)
    let end = start.lastIndex { !isSpace($0) }
    return end.map { String(start[...$0]) } ?? ""
  }
}
