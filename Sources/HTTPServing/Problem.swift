import FoundationEssentials

/// What went wrong, for people and programs (RFC 9457, `application/problem+json`).
public struct Problem: Sendable, Codable, Equatable {
  /// Names the kind of problem; `about:blank` when the status says it all.
  public let type: String
  public let title: String
  public let status: Int
  /// What happened this time, and what to do about it.
  public let detail: String?

  public init(_ status: Status, type: String? = nil, title: String? = nil, detail: String? = nil) {
    self.type = type ?? "about:blank"
    self.title = title ?? status.phrase
    self.status = status.rawValue
    self.detail = detail
  }

  /// The problem as an answer.
  public var response: Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings and an integer cannot fail to encode.
    let body = (try? encoder.encode(self)).map(Array.init) ?? []
    return Response(
      Status(rawValue: status), contentType: "application/problem+json", body: body)
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
