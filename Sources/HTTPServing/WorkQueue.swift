import Synchronization

/// Jobs that take the processor, run by a fixed set of threads in the order in which they came; so many may wait and
/// no more.
///
/// A place is reserved before a job is put in, so that a full queue is known before anything has been prepared.
public final class WorkQueue: Sendable {
  typealias Job = @Sendable () -> Void

  private struct State: Sendable {
    var reserved = 0
    var waiting: [Job] = []
    var running = 0
    var isClosed = false
  }

  public let workers: Int
  /// How many jobs may wait.
  public let capacity: Int
  private let state = Monitor(State())

  /// - Parameters:
  ///   - workers: Threads; one per core keeps the cores busy without making them compete.
  ///   - capacity: Jobs that may wait while all workers are busy.
  public init(workers: Int, capacity: Int) {
    precondition(workers > 0 && capacity >= 0, "a queue needs workers")
    self.workers = workers
    self.capacity = capacity
    let state = self.state
    for _ in 0..<workers { startThread { Self.work(on: state) } }
  }

  deinit { close() }

  /// Takes a place for one job; false when there is none.
  func reserve() -> Bool {
    state.withLock { state in
      let taken = state.reserved + state.waiting.count + state.running
      guard !state.isClosed, taken < workers + capacity else { return false }
      state.reserved += 1
      return true
    }
  }

  /// Gives a place back that is not used after all.
  func cancelReservation() { state.withLock { $0.reserved -= 1 } }

  /// Puts a job in the place that was reserved for it.
  func enqueue(_ job: @escaping Job) {
    state.withLock { state in
      precondition(state.reserved > 0, "a job without a reserved place")
      state.reserved -= 1
      if !state.isClosed { state.waiting.append(job) }
    }
  }

  /// Runs a job that needs no reserved place, and waits for it: a thread can have one such job at most, and whoever
  /// starts threads bounds them.
  /// - Returns: nil when the queue is closed before the job's turn.
  func run<Result: Sendable>(_ job: @escaping @Sendable () -> Result) -> Result? {
    let result = Outcome<Result>()
    state.withLock { state in
      if !state.isClosed { state.waiting.append { result.value.withLock { $0 = job() } } }
    }
    return state.wait { state -> Result?? in
      result.value.withLock { $0 }.map { .some($0) } ?? (state.isClosed ? .some(nil) : nil)
    }
  }

  private final class Outcome<Result: Sendable>: Sendable {
    let value = Mutex<Result?>(nil)
  }

  /// Drops what waits, and lets each thread end after its job.
  func close() {
    state.withLock { state in
      state.isClosed = true
      state.waiting = []
    }
  }

  /// Jobs that wait and jobs that run.
  public var load: (queued: Int, running: Int) {
    state.read { ($0.waiting.count + $0.reserved, $0.running) }
  }

  private static func next(_ state: inout State) -> Job?? {
    if state.isClosed { return .some(nil) }
    if state.waiting.isEmpty { return nil }
    state.running += 1
    return .some(state.waiting.removeFirst())
  }

  /// A worker's life. It holds the state and not the queue, so that a queue nobody uses can go.
  private static func work(on state: Monitor<State>) {
    while let job = state.wait(for: next) {
      job()
      state.withLock { $0.running -= 1 }
    }
  }
}
