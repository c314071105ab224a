/// A request whose body still arrives, as a streaming route's handler sees it on a thread of its own.
public struct StreamedRequest {
  /// Its body is empty.
  public let request: Request
  public let body: BodyStream
  public let answer: AnswerStream
  let queue: WorkQueue?

  /// Has a worker run what takes the processor, and waits for it.
  /// - Returns: nil when the server stops.
  public func onWorker<Result: Sendable>(_ job: @escaping @Sendable () -> Result) -> Result? {
    guard let queue else { return job() }
    return queue.run(job)
  }
}
