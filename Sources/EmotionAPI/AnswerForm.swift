import HTTPServing

/// How answers to `/predict` are written.
enum AnswerForm {
  case json
  /// NDJSON: a JSON value a line, one for each file or window.
  case lines
  /// A header, then a line for each file or window.
  case csv

  /// - Parameter essence: A media type, as in Accept.
  fileprivate init?(_ essence: String) {
    switch essence {
    case "application/json": self = .json
    case "text/csv": self = .csv
    case _ where essence.contains("ndjson") || essence.contains("jsonl"): self = .lines
    default: return nil
    }
  }
}

extension RequestHead {
  /// What Accept names with the highest weight (RFC 9110, 12.5.1), of equals the first; nil where it names none of them.
  var acceptedForm: AnswerForm? {
    let accept = fields.values(of: "Accept").joined(separator: ",")
    var best: (form: AnswerForm, weight: Double)?
    for range in accept.split(separator: ",").map({ MediaType(String($0)) }) {
      let weight = Double(range.parameters["q"] ?? "1") ?? 0
      guard let form = AnswerForm(range.essence), weight > best?.weight ?? 0 else { continue }
      best = (form, weight)
    }
    return best?.form
  }
}

extension Response {
  /// A proxy in front is not to keep the lines of a live answer back (nginx does otherwise).
  func unbuffered() -> Response { with("X-Accel-Buffering", "no") }
}
