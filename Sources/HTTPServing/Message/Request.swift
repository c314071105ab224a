/// A request before its body: what decides whether the body is wanted.
public struct RequestHead: Sendable {
  public let method: Method
  public let target: RequestTarget
  public let fields: HeaderFields
  public let framing: BodyFraming
  /// The client's address, without its port: `192.0.2.7`, `2001:db8::7`.
  public let peer: String
  /// The client's `X-Request-ID` where it is sane, else a fresh one.
  public let id: String
  /// The request's place in a trace, where the client has one.
  public let trace: TraceContext?
  /// Whether the client reads an answer in chunks: not with HTTP/1.0.
  public let takesChunks: Bool
  /// Who asks, where a policy has found out: the name of an API key.
  public var client: String?

  /// What counts as one client: the owner of a key, or else an address.
  var identity: String { client.map { "key \($0)" } ?? addressIdentity }

  var addressIdentity: String { "address \(ClientAddress(peer)?.group ?? peer)" }

  public init(
    method: Method, target: RequestTarget, fields: HeaderFields = HeaderFields(),
    framing: BodyFraming = .none, peer: String = "", id: String = "",
    trace: TraceContext? = nil, takesChunks: Bool = true
  ) {
    self.method = method
    self.target = target
    self.fields = fields
    self.framing = framing
    self.peer = peer
    self.id = id
    self.trace = trace
    self.takesChunks = takesChunks
  }
}

/// A whole request, as a handler sees it.
public struct Request: Sendable {
  public let head: RequestHead
  /// What the route's pattern names: `/v2/models/{name}` gives `name`.
  public let parameters: [String: String]
  public let body: [UInt8]
  /// How busy the server was when the request was complete.
  public let load: ServerLoad

  public init(
    head: RequestHead, parameters: [String: String] = [:], body: [UInt8] = [],
    load: ServerLoad = ServerLoad()
  ) {
    self.head = head
    self.parameters = parameters
    self.body = body
    self.load = load
  }
}

/// How busy a server is.
public struct ServerLoad: Sendable, Equatable {
  /// Whether the server has been asked to stop.
  public var isDraining = false
  /// Jobs that wait for a worker.
  public var queued = 0
  /// Jobs that a worker runs.
  public var running = 0
  /// Threads for jobs.
  public var workers = 0
  /// Jobs that may wait at most.
  public var queueCapacity = 1
  /// Requests between their first byte and the end of their answer.
  public var openRequests = 0

  public init() {}

  /// Whether the next job would be refused.
  public var isFull: Bool { queued >= queueCapacity && running >= workers }
}
