public import HTTPServing

extension Reloadable<APIKeys> {
  /// Asks for a key wherever a route is not for everyone.
  public var policy: RequestPolicy {
    RequestPolicy(admit: { [self] head, route in
      if route.access == .anyone { return nil }
      guard let key = head.bearerToken ?? head.webSocketToken else { return .unauthorized }
      guard let grant = value.grant(to: key) else { return .unknownKey }
      head.client = grant.name
      return route.access == .operators && !grant.isOperator ? .forOperators : nil
    })
  }
}

extension RequestHead {
  /// What stands behind `Authorization: Bearer` (RFC 6750); the scheme's case does not matter (RFC 9110, 11.1).
  fileprivate var bearerToken: String? {
    let words = fields["Authorization"]?.split(separator: " ") ?? []
    guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
    return String(words[1])
  }
}

extension Response {
  fileprivate static let unauthorized = Response.problem(
    .unauthorized, detail: "Send an API key: Authorization: Bearer KEY."
  ).with("WWW-Authenticate", "Bearer")

  fileprivate static let unknownKey = Response.problem(
    .unauthorized, detail: "The API key is not known here."
  ).with("WWW-Authenticate", "Bearer error=\"invalid_token\"")

  fileprivate static let forOperators = Response.problem(
    .forbidden, detail: "This needs the key of an operator.")
}
