extension DecodingError {
  private var context: Context? {
    switch self {
    case .keyNotFound(_, let context), .typeMismatch(_, let context),
      .valueNotFound(_, let context), .dataCorrupted(let context):
      context
    @unknown default: nil
    }
  }

  /// Where in the JSON something is wrong, and what.
  package var place: String {
    var path = context?.codingPath ?? []
    let problem: String
    switch self {
    case .keyNotFound(let key, _):
      path.append(key)
      problem = "is missing"
    case .typeMismatch(let type, _): problem = "is no \(type)"
    case .valueNotFound(let type, _): problem = "is null, must be \(type)"
    case .dataCorrupted(let context) where !path.isEmpty: problem = context.debugDescription
    case .dataCorrupted: problem = "is not valid JSON"
    @unknown default: problem = "is not valid"
    }
    let steps = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
    let names = steps.joined().drop { $0 == "." }
    return (names.isEmpty ? "" : names + " ") + problem
  }

  /// The same error of a part of a text that lies at `path`.
  package func inside(_ path: [any CodingKey]) -> DecodingError {
    func moved(_ context: Context) -> Context {
      Context(
        codingPath: path + context.codingPath, debugDescription: context.debugDescription,
        underlyingError: context.underlyingError)
    }
    return switch self {
    case .keyNotFound(let key, let context): .keyNotFound(key, moved(context))
    case .typeMismatch(let type, let context): .typeMismatch(type, moved(context))
    case .valueNotFound(let type, let context): .valueNotFound(type, moved(context))
    case .dataCorrupted(let context): .dataCorrupted(moved(context))
    @unknown default: self
    }
  }
}
