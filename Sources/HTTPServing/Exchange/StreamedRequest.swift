/// A request whose body still arrives, as a streaming route's handler sees it on its blocking thread.
public struct StreamedRequest {
  /// Its body is empty.
  public let request: Request
  public let body: BodyStream
  public let context: BlockingContext
  /// nil where nothing is counted: in tests without a socket.
  var memory: MemoryLease? = nil
  /// After so long a silence a client is asked whether it is there.
  var pingInterval = Duration.seconds(10)

  /// To send the answer as it comes.
  public var answer: AnswerStream { context.answer }

  /// Whether the client has left, or the server stops.
  public var isAbandoned: Bool { context.isAbandoned }

  /// Takes memory for bytes of the body that are kept; it is given back when the request is over.
  /// - Returns: false when all bodies together would hold too much: answer `Response.outOfMemory`.
  public func takeMemory(_ count: Int) -> Bool { memory?(count) ?? true }

  /// Has a worker run what takes the processor, and waits for it.
  /// - Returns: nil when the client left, or the server stopped, before the job's turn.
  public func compute<Result: Sendable>(
    _ weight: WorkWeight, _ job: @escaping @Sendable () -> Result
  ) -> Result? {
    context.compute(weight, job)
  }
}
