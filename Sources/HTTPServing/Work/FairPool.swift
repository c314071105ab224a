/// A fixed set of threads, made at the start, and jobs that wait for them: fair by client, bounded.
final class FairPool: Sendable {
  struct Job: Sendable {
    let run: @Sendable () -> Void
    /// Called instead of `run`.
    let drop: @Sendable (Loss) -> Void
  }

  /// Why a job is not run.
  enum Loss: Sendable { case poolCloses, placeGoesToOther }

  private struct State: Sendable {
    var waiting = FairQueue<Job>()
    /// Places taken for jobs that are not put in yet.
    var reserved = 0
    var running = 0
    /// Of each client that has any, the places it has: reserved, waiting or running.
    var places: [String: Int] = [:]
    /// Of each client that has any, its jobs that run.
    var threads: [String: Int] = [:]
    /// Threads that could be made.
    var threadCount = 0
    var isClosed = false
  }

  /// Jobs that may wait while all threads are busy.
  let capacity: Int
  private let sharesThreads: Bool
  private let state = Monitor(State())

  /// - Parameter sharesThreads: Whether a part of the threads is kept from each client for the others, since jobs may wait
  ///   for their clients.
  init(capacity: Int, sharesThreads: Bool = false) {
    self.capacity = capacity
    self.sharesThreads = sharesThreads
  }

  /// Takes jobs from now on for so many threads, which `start` is about to make.
  func promise(_ count: Int) { state.withLock(waking: .none) { $0.threadCount += count } }

  /// Makes the threads; fewer where the system gives no more.
  /// - Parameters:
  ///   - isNice: Whether they leave the processor to all others (nice 19).
  ///   - isPromised: Whether they have been promised.
  func start(_ count: Int, isNice: Bool = false, isPromised: Bool = false) {
    let (state, sharesThreads) = (self.state, self.sharesThreads)
    let made = (0..<count).prefix { _ in
      startThread(isNice: isNice) { Self.work(on: state, sharesThreads) }
    }.count
    let isEmpty = state.withLock(waking: .none) { state in
      state.threadCount += isPromised ? made - count : made
      return state.threadCount == 0
    }
    // Nobody would ever come to what waits.
    if isEmpty { close() }
  }

  /// Threads that could be made.
  var threads: Int { state.read { $0.threadCount } }

  deinit { close() }

  /// Takes a place for one job; false when there is none. When all are taken, whoever has most gives the last one back.
  func reserve(_ client: String) -> Bool {
    let (isReserved, lost) = state.withLock(waking: .none) { state -> (Bool, Job?) in
      var lost: Job?
      switch place(state, client) {
      case .none: return (false, nil)
      case .free: break
      case .taken(let other):
        lost = state.waiting.takeLast(of: other)
        state.places.subtractOne(other)
      }
      state.reserved += 1
      state.places[client, default: 0] += 1
      return (true, lost)
    }
    lost?.drop(.placeGoesToOther)
    return isReserved
  }

  /// Whether a place could be taken now.
  func hasPlace(_ client: String) -> Bool {
    state.read { state in
      if case .none = place(state, client) { false } else { true }
    }
  }

  private enum Place {
    case none, free
    case taken(by: String)
  }

  private func place(_ state: State, _ client: String) -> Place {
    guard !state.isClosed else { return .none }
    let own = state.places[client] ?? 0
    if sharesThreads && capacity == 0 {
      // What waits for nobody cannot be given back: a part is kept for others.
      let hasOthers = state.places.count > (own > 0 ? 1 : 0)
      guard own < ClientShare(total: state.threadCount)[hasOthers] else { return .none }
    }
    if state.reserved + state.waiting.count + state.running < state.threadCount + capacity {
      return .free
    }
    let most = state.places.filter { state.waiting.count(of: $0.key) > 0 }.max {
      $0.value < $1.value
    }
    guard let most, most.value > own + 1 else { return .none }
    return .taken(by: most.key)
  }

  /// Gives a place back that is not used after all.
  func cancelReservation(_ client: String) {
    state.withLock(waking: .none) { state in
      state.reserved -= 1
      state.places.subtractOne(client)
    }
  }

  /// Puts a job in the place that was reserved for it.
  func enqueue(_ client: String, _ job: Job) {
    put(client, job) { state in
      precondition(state.reserved > 0, "a job without a reserved place")
      state.reserved -= 1
    }
  }

  /// Puts a job in that needs no reserved place: whoever does so bounds how many there are.
  func add(_ client: String, _ job: Job) {
    put(client, job) { $0.places[client, default: 0] += 1 }
  }

  private func put(_ client: String, _ job: Job, _ take: (inout State) -> Void) {
    let isClosed = state.withLock(waking: .one) { state in
      take(&state)
      if state.isClosed { return true }
      state.waiting.append(job, of: client)
      return false
    }
    if isClosed { job.drop(.poolCloses) }
  }

  /// Drops what waits, and lets each thread end after its job.
  func close() {
    let dropped = state.withLock { state in
      state.isClosed = true
      return state.waiting.removeAll()
    }
    for job in dropped { job.drop(.poolCloses) }
  }

  /// Jobs that wait and jobs that run.
  var load: (queued: Int, running: Int) {
    state.read { ($0.waiting.count + $0.reserved, $0.running) }
  }

  private typealias Turn = (job: Job, client: String)

  /// A thread's life. It holds the state and not the pool, so that a pool nobody uses can go.
  private static func work(on state: Monitor<State>, _ sharesThreads: Bool) {
    while let turn = state.wait(for: { next(&$0, sharesThreads) }) {
      turn.job.run()
      // The client may have kept a job of its own, or of others, from this thread and from one more.
      state.withLock(waking: .one) { state in
        state.running -= 1
        state.places.subtractOne(turn.client)
        state.threads.subtractOne(turn.client)
      }
    }
  }

  private static func next(_ state: inout State, _ sharesThreads: Bool) -> Turn?? {
    if state.isClosed { return .some(nil) }
    if state.waiting.isEmpty { return nil }
    let (threads, hasOthers) = (state.threads, state.places.count > 1)
    let share = ClientShare(total: state.threadCount)[hasOthers]
    let turn = state.waiting.next { client in
      !sharesThreads || threads[client, default: 0] < share
    }
    guard let turn else { return nil }
    state.running += 1
    state.threads[turn.client, default: 0] += 1
    return .some((turn.element, turn.client))
  }
}

/// How many of so many places one client may have: half while others have some, else all but a quarter.
struct ClientShare: Sendable {
  let total: Int

  subscript(_ hasOthers: Bool) -> Int {
    total == 0 ? 0 : hasOthers ? max(1, total / 2) : total - total / 4
  }
}

extension [String: Int] {
  fileprivate mutating func subtractOne(_ key: String) {
    guard let count = self[key] else { return }
    self[key] = count > 1 ? count - 1 : nil
  }
}
