import Glibc

/// A value behind a lock, with a condition that threads wait for. (The standard library's `Mutex` cannot wait.)
@safe final class Monitor<State: Sendable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var state: State

  init(_ state: State) {
    unsafe mutex = .allocate(capacity: 1)
    unsafe changed = .allocate(capacity: 1)
    self.state = state
    unsafe pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(changed, &attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe mutex.deallocate()
  }

  /// Which threads that wait look again after a change.
  enum Waking { case all, one, none }

  /// Reads or changes the value.
  func withLock<Result>(waking: Waking = .all, _ body: (inout State) -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer {
      switch waking {
      case .all: unsafe pthread_cond_broadcast(changed)
      case .one: unsafe pthread_cond_signal(changed)
      case .none: break
      }
      unsafe pthread_mutex_unlock(mutex)
    }
    return body(&state)
  }

  /// Reads the value; nobody is woken.
  func read<Result>(_ body: (State) -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body(state)
  }

  /// Waits until `body` gives something back.
  func wait<Result>(for body: (inout State) -> Result?) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&state) { return result }
      unsafe pthread_cond_wait(changed, mutex)
    }
  }

  /// Waits until the value is as wished.
  /// - Returns: false when it was not so in time.
  func wait(at most: Duration, until isReady: (State) -> Bool) -> Bool {
    var deadline = monotonicTime(after: most)
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while !isReady(state) {
      let code = unsafe pthread_cond_timedwait(changed, mutex, &deadline)
      // Where the clock is made up (libfaketime), the wait may end before its time.
      if code == ETIMEDOUT, monotonicTime() >= deadline { return isReady(state) }
    }
    return true
  }
}

private func monotonicTime(after wait: Duration = .zero) -> timespec {
  var now = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &now)
  let (seconds, attoseconds) = wait.components
  let nanoseconds = now.tv_nsec + Int(attoseconds / 1_000_000_000)
  return timespec(
    tv_sec: now.tv_sec + Int(seconds) + nanoseconds / 1_000_000_000,
    tv_nsec: nanoseconds % 1_000_000_000)
}

private func >= (a: timespec, b: timespec) -> Bool {
  (a.tv_sec, a.tv_nsec) >= (b.tv_sec, b.tv_nsec)
}
