/// Finds the route of a request and refuses what has none, or what its route does not take.
public struct Router: Sendable {
  public let routes: [Route]
  private let policies: [RequestPolicy]

  /// - Parameter policies: Asked in this order, before the route itself.
  public init(_ routes: [Route], policies: [RequestPolicy] = []) {
    self.routes = routes
    self.policies = policies
  }

  /// A route and what its pattern took from the path.
  struct Match: Sendable {
    let route: Route
    let parameters: [String: String]
  }

  /// What is decided from the head alone.
  enum Admission: Sendable {
    case accept(Match)
    /// With the route's pattern, once it has been found.
    case refuse(Response, by: PathPattern?)
  }

  /// Decides from the head: 404, 405 with Allow, OPTIONS, the policies, 503 while draining or when there is too much to
  /// do, 411, 413, and the route's own refusal. What policies find out about the client is noted on the head.
  func admit(_ head: inout RequestHead, load: ServerLoad) -> Admission {
    let match: Match
    switch resolve(head) {
    case .accept(let found): match = found
    case .refuse(let refusal, let pattern): return .refuse(screened(refusal, head), by: pattern)
    }
    for (place, policy) in policies.enumerated() {
      guard let refusal = policy.admit(&head, match.route) else { continue }
      return .refuse(
        screened(refusal, head, by: policies[(place + 1)...]), by: match.route.pattern)
    }
    if let refusal = refusal(of: head, by: match.route, load) {
      return .refuse(refusal, by: match.route.pattern)
    }
    return .accept(match)
  }

  /// A refusal before all policies were asked, or what those that were not have to say instead.
  func screened(_ refusal: Response, _ head: RequestHead) -> Response {
    screened(refusal, head, by: policies[...])
  }

  private func screened(
    _ refusal: Response, _ head: RequestHead, by policies: ArraySlice<RequestPolicy>
  ) -> Response {
    // An answer to OPTIONS is none of them.
    guard refusal.status.rawValue >= 400 else { return refusal }
    for policy in policies {
      if let response = policy.screen(head) { return response }
    }
    return refusal
  }

  /// The answer as it leaves, with what the policies add.
  func finished(_ response: Response, to head: RequestHead) -> Response {
    var response = response
    for policy in policies { policy.finish(head, &response) }
    return response
  }

  /// Answers a request from beginning to end on the calling thread, work included: what tests without a socket use.
  public func respond(to request: Request) -> Response {
    var head = request.head
    return finished(answer(request, &head), to: head)
  }

  private func answer(_ request: Request, _ head: inout RequestHead) -> Response {
    switch admit(&head, load: request.load) {
    case .refuse(let response, _): return response
    case .accept(let match):
      if request.body.count > match.route.body.limit { return .tooLarge(match.route.body.limit) }
      let whole = Request(
        head: head, parameters: match.parameters, body: request.body, load: request.load)
      switch match.route.handler {
      case .whole(let handler): return handler(whole).response
      case .stream(let handler): return respond(to: whole, handler)
      }
    }
  }

  private func respond(to request: Request, _ handler: StreamHandler) -> Response {
    let context = BlockingContext(answer: AnswerStream(transmit: nil))
    let head = Request(
      head: request.head, parameters: request.parameters, load: request.load)
    let streamed = StreamedRequest(
      request: head, body: BodyStream(request.body), context: context)
    return handler(streamed) ?? context.finish()
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
      return .refuse(.problem(.notFound, detail: "Nothing is served at this path."), by: nil)
    }
    return .refuse(
      notAllowed(head, allow: allowed(matches.map(\.route.method))),
      by: matches.first?.route.pattern)
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
    of head: RequestHead, by route: Route, _ load: ServerLoad
  ) -> Response? {
    if load.isDraining && route.whileDraining == .refuse { return .draining }
    if head.framing == .upgrade && !route.isWebSocket { return .noWebSocket }
    if let refusal = route.admit(head) { return refusal }
    // Known now, the body need not come: under overload, refusing must cost little.
    if load.isFull, case .collect = route.body { return .busy }
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
    case .work(let work), .dedicatedThread(let work): work()
    case .blocking(let work): whole(work)
    }
  }

  private func whole(_ work: (BlockingContext) -> Response?) -> Response {
    let context = BlockingContext(answer: AnswerStream(transmit: nil))
    return work(context) ?? context.finish()
  }
}

extension BlockingContext {
  /// The whole answer, where none of it has been sent.
  fileprivate func finish() -> Response { answer.finish() ?? Response(.internalServerError) }
}

extension Response {
  static let noWebSocket = Response.problem(
    .badRequest, detail: "No WebSocket is served at this path. Ask without Upgrade.")

  static let lengthRequired = Response.problem(
    .lengthRequired, detail: "Send the body with Content-Length, or chunked.")

  /// The body has more bytes than may be.
  public static func tooLarge(_ limit: Int) -> Response {
    .problem(.contentTooLarge, detail: "The body may have at most \(limit) bytes.")
  }

  static let draining = Response.problem(
    .serviceUnavailable, detail: "The server is shutting down. Try again, on another connection."
  ).with("Retry-After", "1").with("Connection", "close")

  static let busy = Response.problem(
    .serviceUnavailable, detail: "All workers are busy and the queue is full. Try again later."
  ).with("Retry-After", "1")

  /// For a request whose job is not run.
  static func lost(_ loss: FairPool.Loss) -> Response {
    switch loss {
    case .poolCloses: draining
    case .placeGoesToOther: busy
    }
  }

  static let tooManyStreams = Response.problem(
    .serviceUnavailable,
    detail: "Too many recordings are being followed as they arrive. Try again later."
  ).with("Retry-After", "1")

  /// All bodies together hold as much as may be.
  public static let outOfMemory = Response.problem(
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
