/// What a route does with a request's body.
public enum BodyPolicy: Sendable, Equatable {
  /// The request needs no body; a small one is read and thrown away.
  case ignore
  /// The handler gets the whole body, of at most so many bytes.
  case collect(limit: Int)
  /// The handler takes the body as it arrives, at most so many bytes.
  case stream(limit: Int)

  /// The most bytes that are read.
  var limit: Int {
    switch self {
    case .ignore: 64 * 1024
    case .collect(let limit), .stream(let limit): limit
    }
  }
}

/// Who may use a route. What that means is up to the server's policies; without any, everyone may use all.
public enum RouteAccess: Sendable, Equatable {
  case anyone
  case clients
  case operators
}

/// What a handler gives back: an answer, or the work that makes one.
public enum Answer: Sendable {
  case response(Response)
  /// Takes the processor for longer than a moment: it waits in the work queue and runs on a worker thread,
  /// while the connection sleeps.
  case work(@Sendable () -> Response)
  /// Takes long, or waits for something: it runs on a blocking thread, which it has until it is done. It gives back the
  /// answer unless it has written it to the context's `answer`.
  case blocking(@Sendable (BlockingContext) -> Response?)
  /// Takes a moment as well, but must not wait behind other work: a thread is started for it alone. For operators only,
  /// because nothing limits how many there are.
  case dedicatedThread(@Sendable () -> Response)
}

/// Handles a request while its body arrives, on a thread of its own.
/// - Returns: The answer, unless it was written to the request's `answer`.
public typealias StreamHandler = @Sendable (StreamedRequest) -> Response?

/// What becomes of requests while the server drains.
public enum DrainPolicy: Sendable {
  /// New ones get 503 and their connection is closed.
  case refuse
  /// They are answered as ever: health checks.
  case answer
}

/// One method on one path. Of several routes for both, the first that `applies` gets a request.
public struct Route: Sendable {
  public let method: Method
  public let pattern: PathPattern
  public let access: RouteAccess
  public let body: BodyPolicy
  public let whileDraining: DrainPolicy
  let isWebSocket: Bool
  let applies: @Sendable (RequestHead) -> Bool
  /// Looks at the head before the body is read; an answer refuses the request.
  public let admit: @Sendable (RequestHead) -> Response?
  let handler: Handler

  enum Handler: Sendable {
    case whole(@Sendable (Request) -> Answer)
    case stream(StreamHandler)
  }

  /// - Parameter handler: Runs on an I/O thread: must be quick, or give back `.work`.
  public init(
    _ method: Method, _ pattern: PathPattern, access: RouteAccess = .clients,
    body: BodyPolicy = .ignore, whileDraining: DrainPolicy = .refuse,
    admit: @escaping @Sendable (RequestHead) -> Response? = { _ in nil },
    handler: @escaping @Sendable (Request) -> Answer
  ) {
    self.method = method
    self.pattern = pattern
    self.access = access
    self.body = body
    self.whileDraining = whileDraining
    isWebSocket = false
    applies = { _ in true }
    self.admit = admit
    self.handler = .whole(handler)
  }

  /// A route that takes the body as it arrives.
  /// - Parameters:
  ///   - limit: Bytes of the body.
  ///   - applies: Which requests it is for.
  ///   - handler: May take as long as the client does.
  public init(
    streaming method: Method, _ pattern: PathPattern, access: RouteAccess = .clients, limit: Int,
    when applies: @escaping @Sendable (RequestHead) -> Bool = { _ in true },
    admit: @escaping @Sendable (RequestHead) -> Response? = { _ in nil },
    handler: @escaping StreamHandler
  ) {
    self.method = method
    self.pattern = pattern
    self.access = access
    body = .stream(limit: limit)
    whileDraining = .refuse
    isWebSocket = false
    self.applies = applies
    self.admit = admit
    self.handler = .stream(handler)
  }

  /// A route that opens a WebSocket.
  /// - Parameters:
  ///   - limit: Bytes of all frames that the client sends.
  ///   - messageLimit: Bytes of one binary message.
  ///   - handler: May take as long as the client does. The socket is closed after it.
  public init(
    webSocket pattern: PathPattern, access: RouteAccess = .clients, limit: Int, messageLimit: Int,
    admit: @escaping @Sendable (RequestHead) -> Response? = { _ in nil },
    handler: @escaping @Sendable (WebSocket) -> Void
  ) {
    method = .get
    self.pattern = pattern
    self.access = access
    body = .stream(limit: limit)
    whileDraining = .refuse
    isWebSocket = true
    applies = { _ in true }
    self.admit = { WebSocketHandshake.refusal($0) ?? admit($0) }
    self.handler = .stream { streamed in
      let socket = WebSocket(streamed, limits: .init(binary: UInt64(messageLimit)))
      handler(socket)
      socket.leave()
      return nil
    }
  }
}

/// A path whose segments are fixed, or named in braces: `/v2/models/{name}/ready`.
public struct PathPattern: Sendable, Hashable, ExpressibleByStringLiteral {
  public let text: String
  private let segments: [Segment]

  private enum Segment: Sendable, Hashable {
    case fixed(String)
    case named(String)
  }

  public init(stringLiteral text: String) { self.init(text) }

  public init(_ text: String) {
    precondition(text.hasPrefix("/"), "a path begins with a slash: \(text)")
    self.text = text
    segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
      $0.hasPrefix("{") && $0.hasSuffix("}")
        ? .named(String($0.dropFirst().dropLast())) : .fixed(String($0))
    }
  }

  /// The named segments' values, or nil when the path is another one.
  func match(_ path: [String]) -> [String: String]? {
    guard path.count == segments.count else { return nil }
    var values: [String: String] = [:]
    for (segment, text) in zip(segments, path) {
      switch segment {
      case .fixed(let expected): if text != expected { return nil }
      case .named(let name): values[name] = text
      }
    }
    return values
  }
}
