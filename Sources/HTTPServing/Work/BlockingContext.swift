/// The workers, on behalf of one request.
public struct RequestWorkers: Sendable {
  let cancellation: RequestCancellation
  let client: String
  /// nil where the calling thread works.
  let queue: WorkQueue?
  /// Is told how long each job waited and ran.
  let note: @Sendable (_ queue: Duration, _ work: Duration) -> Void

  /// Whether the client has left, or the server stops.
  public var isAbandoned: Bool { cancellation.isCancelled }

  /// Has a worker run what takes the processor, and waits for it.
  /// - Returns: nil when the client left, or the server stopped, before the job's turn.
  public func compute<Result: Sendable>(
    _ weight: WorkWeight, _ job: @escaping @Sendable () -> Result
  ) -> Result? {
    guard let queue else { return job() }
    let submitted = ContinuousClock.now
    return cancellation.compute(in: queue.pool(weight), of: client) { [note] in
      let started = ContinuousClock.now
      defer { note(submitted.duration(to: started), started.elapsed) }
      return job()
    }
  }
}

/// What a handler on a blocking thread works with. The thread is the request's from its body to the end of its answer,
/// and may wait. One thread's own.
public final class BlockingContext {
  /// To send the answer as it comes, in chunks. Whoever uses it gives back no other answer.
  public let answer: AnswerStream
  /// They may be handed to other threads.
  public let workers: RequestWorkers

  init(
    answer: AnswerStream, cancellation: RequestCancellation = RequestCancellation(),
    client: String = "", queue: WorkQueue? = nil,
    note: @escaping @Sendable (_ queue: Duration, _ work: Duration) -> Void = { _, _ in }
  ) {
    self.answer = answer
    workers = RequestWorkers(cancellation: cancellation, client: client, queue: queue, note: note)
  }

  /// Whether the client has left, or the server stops: nothing that is worked out now is read by anybody.
  ///
  /// A client that has only closed its own side counts as one that left. Long work looks here between its pieces; short
  /// work is answered whatever this says.
  public var isAbandoned: Bool { workers.isAbandoned }

  /// Has a worker run what takes the processor, and waits for it.
  /// - Returns: nil when the client left, or the server stopped, before the job's turn.
  public func compute<Result: Sendable>(
    _ weight: WorkWeight, _ job: @escaping @Sendable () -> Result
  ) -> Result? {
    workers.compute(weight, job)
  }
}
