/// Threads for requests that take longer than a moment: each has one request at a time, and may wait. Made once, at the
/// start.
final class BlockingThreads: Sendable {
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
