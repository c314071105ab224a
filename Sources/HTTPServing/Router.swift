/// Finds the route of a request and refuses what has none, or what its route does not take.
public struct Router: Sendable {
  public let routes: [Route]

  public init(_ routes: [Route]) { self.routes = routes }

  /// A route and what its pattern took from the path.
  struct Match: Sendable {
    let route: Route
    let parameters: [String: String]
  }

  /// What is decided from the head alone.
  enum Admission: Sendable {
    case accept(Match)
    case refuse(Response)
  }

  /// Decides from the head: 404, 405 with Allow, OPTIONS, 503 while draining, 411, 413, and the route's own refusal.
  func admit(_ head: RequestHead, isDraining: Bool) -> Admission {
    switch resolve(head) {
    case .refuse(let response): return .refuse(response)
    case .accept(let match):
      if let refusal = refusal(of: head, by: match.route, isDraining: isDraining) {
        return .refuse(refusal)
      }
      return .accept(match)
    }
  }

  /// Answers a request from beginning to end on the calling thread, work included: what tests without a socket use.
  public func respond(to request: Request) -> Response {
    switch admit(request.head, isDraining: request.load.isDraining) {
    case .refuse(let response): return response
    case .accept(let match):
      if request.body.count > match.route.body.limit { return .tooLarge(match.route.body.limit) }
      let whole = Request(
        head: request.head, parameters: match.parameters, body: request.body, load: request.load)
      switch match.route.handler {
      case .whole(let handler): return handler(whole).response
      case .stream(let handler): return respond(to: whole, handler)
      }
    }
  }

  private func respond(to request: Request, _ handler: StreamHandler) -> Response {
    let answer = AnswerStream(id: request.head.id, transmit: nil)
    let head = Request(
      head: request.head, parameters: request.parameters, load: request.load)
    let streamed = StreamedRequest(
      request: head, body: BodyStream(request.body), answer: answer, queue: nil)
    return handler(streamed) ?? answer.finish() ?? Response(.internalServerError)
  }

  private func resolve(_ head: RequestHead) -> Admission {
    let matches = routes.compactMap { route in
      route.pattern.match(head.target.segments).map { Match(route: route, parameters: $0) }
    }
    if let match = matches.first(where: {
      $0.route.method == head.method && $0.route.applies(head)
    }) {
      return .accept(match)
    }
    if head.method == .head, let match = matches.first(where: { $0.route.method == .get }) {
      return .accept(match)
    }
    if matches.isEmpty && !(head.method == .options && head.target.path == "*") {
      return .refuse(.problem(.notFound, detail: "Nothing is served at this path."))
    }
    return .refuse(notAllowed(head, allow: allowed(matches.map(\.route.method))))
  }

  private func notAllowed(_ head: RequestHead, allow: String) -> Response {
    head.method == .options
      ? Response(.noContent).with("Allow", allow)
      : .problem(.methodNotAllowed, detail: "This path takes \(allow).").with("Allow", allow)
  }

  private func allowed(_ methods: [Method]) -> String {
    var names = Set(methods.map(\.rawValue))
    if names.contains("GET") { names.insert("HEAD") }
    names.insert("OPTIONS")
    return names.sorted().joined(separator: ", ")
  }

  private func refusal(
    of head: RequestHead, by route: Route, isDraining: Bool
  ) -> Response? {
    if isDraining && route.whileDraining == .refuse { return .draining }
    if let refusal = route.admit(head) { return refusal }
    switch (head.framing, route.body) {
    case (.none, .collect), (.none, .stream): return .lengthRequired
    case (.length(let length), let policy) where length > UInt64(policy.limit):
      return .tooLarge(policy.limit)
    default: return nil
    }
  }
}

extension Answer {
  /// The answer, worked out here and now.
  fileprivate var response: Response {
    switch self {
    case .response(let response): response
    case .work(let work): work()
    }
  }
}

extension Response {
  static let lengthRequired = Response.problem(
    .lengthRequired, detail: "Send the body with Content-Length, or chunked.")

  static func tooLarge(_ limit: Int) -> Response {
    .problem(.contentTooLarge, detail: "The body may have at most \(limit) bytes.")
  }

  static let draining = Response.problem(
    .serviceUnavailable, detail: "The server is shutting down. Try again, on another connection."
  ).with("Retry-After", "1").with("Connection", "close")

  static let busy = Response.problem(
    .serviceUnavailable, detail: "All workers are busy and the queue is full. Try again later."
  ).with("Retry-After", "1")

  static let tooManyStreams = Response.problem(
    .serviceUnavailable,
    detail: "Too many recordings are being followed as they arrive. Try again later."
  ).with("Retry-After", "1")

  static let outOfMemory = Response.problem(
    .serviceUnavailable, detail: "Too many bodies are being received at once. Try again later."
  ).with("Retry-After", "1")

  static let tooSlow = Response.problem(
    .requestTimeout, detail: "The body took too long to arrive.")

  static let malformed = Response.problem(
    .badRequest, detail: "The request's target is not a valid path."
  )

  static let ambiguousLength = Response.problem(
    .badRequest, detail: "Transfer-Encoding and Content-Length leave the body's end unclear."
  ).with("Connection", "close")

  static let unknownTransferCoding = Response.problem(
    .notImplemented, detail: "The only transfer coding understood is chunked."
  ).with("Connection", "close")
}
