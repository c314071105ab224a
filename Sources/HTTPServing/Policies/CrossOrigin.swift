/// Lets pages of other origins use the server (the Fetch standard's CORS protocol).
public struct CrossOrigin: Sendable {
  private let origins: Set<String>

  /// - Parameter origins: As browsers send them, `https://example.org`; `*` for every origin.
  public init(origins: [String]) { self.origins = Set(origins) }

  /// A preflight needs no route of its own: it is an OPTIONS, which the router answers with what the path takes.
  public var policy: RequestPolicy {
    RequestPolicy(finish: { [self] head, response in
      // Whatever the origin, so that a cache never gives one origin's answer to another.
      response.fields.add("Vary", "Origin")
      guard let origin = head.fields["Origin"], allows(origin) else { return }
      response.fields.add("Access-Control-Allow-Origin", origin)
      if head.method == .options, head.fields["Access-Control-Request-Method"] != nil {
        response.fields.add("Access-Control-Allow-Methods", response.fields["Allow"] ?? "")
        response.fields.add("Access-Control-Allow-Headers", Self.requestFields)
        response.fields.add("Access-Control-Max-Age", "600")
      } else {
        response.fields.add("Access-Control-Expose-Headers", Self.answerFields)
      }
    })
  }

  /// Refuses the WebSockets of other origins' pages: browsers let any page open one, and leave it to the server to look at
  /// Origin. Programs send none.
  public var socketPolicy: RequestPolicy {
    RequestPolicy(admit: { [self] head, _ in
      guard head.framing == .upgrade, let origin = head.fields["Origin"],
        !allows(origin), !isOwn(origin, head)
      else { return nil }
      return .problem(
        .forbidden, detail: "Pages of this origin may not open a WebSocket here (--allow-origin).")
    })
  }

  /// Whether a page comes from this server. A proxy in front may speak TLS in its place, so that the scheme tells nothing.
  private func isOwn(_ origin: String, _ head: RequestHead) -> Bool {
    guard let host = head.fields["Host"], let scheme = origin.firstRange(of: "://") else {
      return false
    }
    return equalIgnoringCase(String(origin[scheme.upperBound...]), host)
  }

  private static let requestFields =
    "Authorization, Content-Type, X-Request-ID, traceparent, tracestate"
  private static let answerFields = "X-Request-ID, Retry-After, traceparent"

  private func allows(_ origin: String) -> Bool {
    origins.contains("*") || origins.contains(origin)
  }
}
