import AudioIO
import HTTPServing
import Recognition

/// Answers as CSV (RFC 4180): a line for each file or window, with what its JSON says.
struct CSVTable {
  static let contentType = "text/csv; charset=utf-8; header=present"

  /// Those that may be the answer, in the model's order.
  private let labels: [String]
  private let hasWindows: Bool
  private let hasChannels: Bool

  init(_ options: PredictionOptions, by recognizer: any SpeechRecognizing) throws(ParameterError) {
    try recognizer.check(options.labels)
    labels = recognizer.card.labels.filter { options.labels?.contains($0) ?? true }
    hasWindows = options.windows != nil
    hasChannels = options.channels == .each
  }

  var header: String {
    line(
      ["file"] + place + ["emotion", "confidence"] + labels + ["quality", "problem"])
  }

  /// What tells the lines of a file apart.
  private var place: [String] {
    (hasChannels ? ["channel"] : []) + (hasWindows ? ["start", "end"] : [])
  }

  /// Of an answer about several channels, a line for each.
  /// - Parameter answer: About a file or a window, or a problem.
  func lines(_ answer: JSON, file: String?) -> String {
    guard case .array(let channels) = answer["channels"] else { return line(answer, file: file) }
    return channels.enumerated().map { number, channel in
      guard case .object(let members) = channel else { return line(channel, file: file) }
      return line(.object([JSON.Member("channel", .integer(number))] + members), file: file)
    }.joined()
  }

  private func line(_ answer: JSON, file: String?) -> String {
    let values = answer["scores"] ?? answer["probabilities"]
    return line(
      [harmless(file ?? "")] + place.map { cell(answer[$0]) } + [
        cell(answer["emotion"]), cell(answer["confidence"]),
      ]
        + labels.map { cell(values?[$0]) } + [quality(answer), problem(answer)])
  }

  private func quality(_ answer: JSON) -> String {
    if answer["speech"] == .bool(false) { return "no-speech" }
    guard case .array(let notes) = answer["quality"] else { return "" }
    return notes.map(cell).joined(separator: " ")
  }

  private func problem(_ answer: JSON) -> String {
    [answer["title"], answer["detail"]].compactMap(\.self).map(cell).joined(separator: ". ")
  }

  /// A null is an empty cell.
  private func cell(_ value: JSON?) -> String {
    switch value {
    case nil, .null: ""
    case .string(let text): text
    case .some(let value): value.text
    }
  }

  /// Spreadsheets take what begins so for a formula; an apostrophe makes it text.
  private func harmless(_ name: String) -> String {
    name.first.map { "=+-@".contains($0) } == true ? "'" + name : name
  }

  private func line(_ cells: [String]) -> String {
    cells.map(quoted).joined(separator: ",") + "\r\n"
  }

  private func quoted(_ cell: String) -> String {
    guard cell.utf8.contains(where: { #",""#.utf8.contains($0) || $0 < 0x20 }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}

extension JSON {
  /// An object's member; nil where there is none.
  fileprivate subscript(_ name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }
}
