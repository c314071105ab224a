import Synchronization

/// A request is cancelled when its client leaves or the server stops. Its job is dropped then, if it still waits for a
/// worker: a request has one at a time.
final class RequestCancellation: Sendable {
  private enum Job: Sendable { case none, waiting, running, dropped }

  private struct State: Sendable {
    var isCancelled = false
    var job = Job.none
  }

  private let state = Monitor(State())

  var isCancelled: Bool { state.read { $0.isCancelled } }

  /// The client has left, or the server stops.
  func cancel() { state.withLock { $0.isCancelled = true } }

  /// Has a pool run a job, and waits for it.
  /// - Returns: nil when it was dropped.
  func compute<Result: Sendable>(
    in pool: FairPool, of client: String, _ job: @escaping @Sendable () -> Result
  ) -> Result? {
    guard begin() else { return nil }
    let result = ResultBox<Result>()
    let run: @Sendable () -> Void = { [self] in
      guard move(from: .waiting, to: .running) else { return }
      let value = job()
      result.value.withLock { $0 = value }
      _ = move(from: .running, to: .none)
    }
    pool.add(
      client, FairPool.Job(run: run, drop: { [self] _ in _ = move(from: .waiting, to: .dropped) }))
    return state.wait { state -> Result?? in
      if state.job == .waiting && state.isCancelled { state.job = .dropped }
      switch state.job {
      case .waiting, .running: return nil
      case .none: return .some(result.value.withLock { $0 })
      case .dropped: return .some(nil)
      }
    }
  }

  private func begin() -> Bool {
    state.withLock { state in
      guard !state.isCancelled else { return false }
      state.job = .waiting
      return true
    }
  }

  private func move(from: Job, to: Job) -> Bool {
    state.withLock { state in
      guard state.job == from else { return false }
      state.job = to
      return true
    }
  }

  private final class ResultBox<Result: Sendable>: Sendable {
    let value = Mutex<Result?>(nil)
  }
}
