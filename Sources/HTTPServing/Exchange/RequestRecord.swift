/// What happened to one request, told once when it is over.
public struct RequestRecord: Sendable {
  /// nil when the header never became readable.
  public var head: RequestHead?
  /// The route's pattern, nil when none was found.
  public var route: String?
  /// nil when there was no answer.
  public var status: Int?
  /// The type of the problem that the answer is about.
  public var problem: String?
  public var outcome = RequestOutcome.answered
  public var receivedBytes = 0
  public var sentBytes = 0
  public var times = Times()

  public init() {}

  /// Notes what is answered.
  mutating func note(_ response: Response) {
    status = response.status.rawValue
    problem = response.problem
    sentBytes = response.content.count
  }

  /// Where the time went. What did not happen took no time.
  public struct Times: Sendable {
    /// From the request line to the end of the body.
    public var receive = Duration.zero
    /// In the work queue.
    public var queue = Duration.zero
    /// On a worker.
    public var work = Duration.zero
    /// From the request line to the end of the answer.
    public var total = Duration.zero
  }
}

/// How a request ended.
public enum RequestOutcome: String, Sendable {
  /// The whole answer was handed to the system.
  case answered
  /// The client went away, or could not be written to.
  case disconnected
  /// Nothing moved on the connection for too long.
  case timedOut
  /// The server stopped before the end.
  case cutOff
}

/// What a server tells its owner. Called on I/O threads: must be quick.
public struct ServerEvents: Sendable {
  /// A request is over.
  public var requestEnded: @Sendable (RequestRecord) -> Void
  /// The HTTP library remarks on something, such as a broken connection.
  public var libraryMessage: @Sendable (String) -> Void

  public init(
    requestEnded: @escaping @Sendable (RequestRecord) -> Void = { _ in },
    libraryMessage: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.requestEnded = requestEnded
    self.libraryMessage = libraryMessage
  }
}
