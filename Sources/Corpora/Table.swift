internal import FileIO

/// A table with a header row: comma-separated, or tab-separated if the name ends in `.tsv`.
/// Quotes as in RFC 4180: a field in quotation marks may hold separators, line ends and doubled marks.
struct Table {
  struct Row {
    /// Where the row begins, counted from 1.
    let line: Int
    fileprivate let places: [String: Int]
    fileprivate let fields: [String]

    /// Trimmed of spaces; nil when the column or its content is missing.
    subscript(column: String) -> String? {
      guard let place = places[column.lowercased()], place < fields.count else { return nil }
      let field = fields[place].trimmed
      return field.isEmpty ? nil : field
    }
  }

  let columns: [String]
  let rows: [Row]

  private static let limit = 64 << 20

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
      switch error {
      case .quoting(let line): throw .quoting(path: path, line: line)
      case .tooManyFields(let line): throw .tooManyColumns(path: path, line: line)
      case .tooManyRecords: throw .tooManyRows(path: path)
      }
    }
  }

  private init(records: [DelimitedRecord]) {
    let columns = records.first?.fields.map { $0.trimmed.lowercased() } ?? []
    self.columns = columns
    let places = Dictionary(
      columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    rows = records.dropFirst().map {
      Row(line: $0.line, places: places, fields: $0.fields)
    }
  }
}

struct DelimitedRecord: Equatable {
  let line: Int
  var fields: [String]
}

/// Why a text is no table. A small text of separators alone would take fifty times its memory.
enum TableError: Error, Equatable {
  static let fieldLimit = 1000
  static let recordLimit = 1_000_000

  case quoting(line: Int)
  case tooManyFields(line: Int)
  case tooManyRecords
}

/// The records of a delimited text; empty lines and a byte-order mark are passed over.
func delimitedRecords(
  in text: String, separator: Unicode.Scalar
) throws(TableError) -> [DelimitedRecord] {
  var reader = DelimitedReader(text: text.unicodeScalars[...], separator: separator)
  if reader.text.first == "\u{FEFF}" { reader.text.removeFirst() }
  var records: [DelimitedRecord] = []
  while let record = try reader.record() {
    if record.fields == [""] { continue }
    guard records.count <= TableError.recordLimit else { throw .tooManyRecords }
    records.append(record)
  }
  return records
}

private struct DelimitedReader {
  var text: Substring.UnicodeScalarView
  let separator: Unicode.Scalar
  var line = 1

  mutating func record() throws(TableError) -> DelimitedRecord? {
    guard !text.isEmpty else { return nil }
    var record = DelimitedRecord(line: line, fields: [])
    repeat {
      guard record.fields.count < TableError.fieldLimit else {
        throw .tooManyFields(line: record.line)
      }
      record.fields.append(try field())
    } while take(separator)
    if take("\r") { _ = take("\n") } else { _ = take("\n") }
    line += 1
    return record
  }

  private mutating func field() throws(TableError) -> String {
    if text.first == "\"" { return try quoted() }
    let end = text.firstIndex { $0 == separator || $0 == "\n" || $0 == "\r" } ?? text.endIndex
    defer { text = text[end...] }
    return String(text[..<end])
  }

  private mutating func quoted() throws(TableError) -> String {
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
        throw .quoting(line: line)
      }
    }
    throw .quoting(line: start)
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
