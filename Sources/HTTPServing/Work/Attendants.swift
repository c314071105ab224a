/// The threads that attend to requests which take longer than a moment, and may wait: made once, at the start.
final class Attendants: Sendable {
  /// One for each body that is used while it arrives; nothing waits for them.
  let streams: FairPool
  /// For requests whose body is complete.
  let whole: FairPool
  let watch = ClientWatch()

  /// - Parameter maxStreams: Bodies that may be used while they arrive, at once.
  init(maxStreams: Int, queue: WorkQueue) {
    streams = FairPool(threads: maxStreams, capacity: 0, sharesThreads: true)
    whole = FairPool(threads: 4 * queue.workers, capacity: queue.capacity, sharesThreads: true)
  }
}
