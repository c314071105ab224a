/// The threads that attend to requests which take longer than a moment, and may wait: made once, at the start.
final class Attendants: Sendable {
  /// One for each body that is used while it arrives; nothing waits for them.
  let streams = FairPool(capacity: 0, sharesThreads: true)
  /// For requests whose body is complete.
  let whole: FairPool
  let watch = ClientWatch()

  init(queue: WorkQueue) {
    whole = FairPool(capacity: queue.capacity, sharesThreads: true)
    whole.start(4 * queue.workers)
  }
}
