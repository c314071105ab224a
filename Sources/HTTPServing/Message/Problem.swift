/// What went wrong, for people and programs (RFC 9457, `application/problem+json`).
public struct Problem: Sendable, Equatable {
  /// Names the kind of problem; `about:blank` when the status says it all.
  public let type: String
  public let title: String
  public let status: Status
  /// What happened this time, and what to do about it.
  public let detail: String?

  public init(_ status: Status, type: String? = nil, title: String? = nil, detail: String? = nil) {
    self.type = type ?? "about:blank"
    self.title = title ?? status.phrase
    self.status = status
    self.detail = detail
  }

  public var json: JSON {
    .object([
      "type": .string(type), "title": .string(title), "status": .integer(status.rawValue),
      "detail": detail.map(JSON.string),
    ])
  }

  /// The problem as an answer.
  public var response: Response {
    var response = json.response(status, contentType: "application/problem+json")
    response.problem = type
    return response
  }
}

extension Response {
  /// An answer that says what went wrong.
  public static func problem(
    _ status: Status, type: String? = nil, title: String? = nil, detail: String? = nil
  ) -> Response {
    Problem(status, type: type, title: title, detail: detail).response
  }
}
