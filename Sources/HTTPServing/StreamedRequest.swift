/// A request whose body still arrives, as a streaming route's handler sees it on a thread of its own.
public struct StreamedRequest {
  /// Its body is empty.
  public let request: Request
  public let body: BodyStream
  public let answer: AnswerStream
  let queue: WorkQueue?
  /// nil where nothing is counted: in tests without a socket.
  var memory: MemoryLease? = nil
  /// Hears how long each job waited and ran.
  var note: @Sendable (_ queue: Duration, _ work: Duration) -> Void = { _, _ in }

  /// Takes memory for bytes of the body that are kept; it is given back when the request is over.
  /// - Returns: false when all bodies together would hold too much: answer `Response.outOfMemory`.
  public func takeMemory(_ count: Int) -> Bool { memory?(count) ?? true }

  /// Has a worker run what takes the processor, and waits for it.
  /// - Returns: nil when the server stops.
  public func onWorker<Result: Sendable>(_ job: @escaping @Sendable () -> Result) -> Result? {
    guard let queue else { return job() }
    let submitted = ContinuousClock.now
    return queue.run { [note] in
      let started = ContinuousClock.now
      defer { note(submitted.duration(to: started), started.elapsed) }
      return job()
    }
  }
}
