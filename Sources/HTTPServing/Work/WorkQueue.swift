/// How much of the processor a job takes.
public enum WorkWeight: Sendable {
  /// A moment: it is run as soon as a light worker is free.
  case light
  /// Longer: it is run by other threads, which leave the processor to those of light jobs.
  case heavy
}

/// Jobs that take the processor, run by a fixed set of threads: one client's after another's in turn; so many may wait
/// and no more.
///
/// A place is reserved before a light job is put in, so that a full queue is known before anything has been prepared.
public final class WorkQueue: Sendable {
  let light: FairPool
  let heavy: FairPool

  /// - Parameters:
  ///   - workers: Threads for light jobs, and as many for heavy ones; one per core keeps the cores busy without making
  ///     them compete. Where the system gives no more threads, there are fewer.
  ///   - capacity: Light jobs that may wait while all workers are busy.
  public init(workers: Int, capacity: Int) {
    precondition(workers > 0 && capacity >= 0, "a queue needs workers")
    light = FairPool(capacity: capacity)
    heavy = FairPool(capacity: 0)
    light.start(workers)
    heavy.start(workers, isNice: true)
  }

  /// Threads for light jobs.
  public var workers: Int { light.threads }
  /// How many jobs may wait.
  public var capacity: Int { light.capacity }

  func pool(_ weight: WorkWeight) -> FairPool {
    // Without threads of its own, heavy work is at least done.
    weight == .heavy && heavy.threads > 0 ? heavy : light
  }
}
