import AudioIO
import Glibc

/// Processor time that the calling thread has used.
private func processorTime() -> Duration {
  var time = timespec()
  unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

extension ProcessorBudget {
  /// Runs `body` and spends what it takes of this thread's processor time.
  func spend<Result: ~Copyable, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let began = processorTime()
    defer { spend(processorTime() - began) }
    return try body()
  }
}
