/// A server's life and the requests that are alive in it: what draining waits for.
final class Lifecycle: Sendable {
  enum Stage: Sendable {
    case running
    /// New requests are refused, those that run finish.
    case draining
    /// Nothing may be suspended any more: the daemon is about to stop.
    case stopping
  }

  private struct State: Sendable {
    var stage = Stage.running
    /// Requests that were admitted before draining began, or that health checks make.
    var open = 0
    /// Requests whose answer is being worked on, by identity.
    var working: [ObjectIdentifier: Exchange] = [:]
  }

  private let state = Monitor(State())

  var isDraining: Bool { state.read { $0.stage != .running } }
  var openRequests: Int { state.read { $0.open } }

  /// - Returns: Whether the server has been asked to stop before.
  func requestBegan() -> Bool {
    state.withLock { state in
      state.open += 1
      return state.stage != .running
    }
  }

  func requestEnded() { state.withLock { $0.open -= 1 } }

  /// Suspends the exchange's connection for work; false when the server stops, and then nothing is suspended.
  func beginWork(_ exchange: Exchange, suspend: () -> Void) -> Bool {
    state.withLock { state in
      guard state.stage != .stopping else { return false }
      state.working[ObjectIdentifier(exchange)] = exchange
      suspend()
      return true
    }
  }

  /// Suspends the connection of an exchange that is worked on already; false when the server stops.
  func suspend(_ suspend: () -> Void) -> Bool {
    state.withLock { state in
      guard state.stage != .stopping else { return false }
      suspend()
      return true
    }
  }

  func endWork(_ exchange: Exchange) {
    state.withLock { _ = $0.working.removeValue(forKey: ObjectIdentifier(exchange)) }
  }

  func beginDraining() { state.withLock { $0.stage = .draining } }

  /// - Returns: false when requests were still open at the end of that time.
  func waitUntilIdle(at most: Duration) -> Bool {
    state.wait(at: most) { $0.open == 0 }
  }

  /// From now on nothing is suspended.
  /// - Returns: What is still being worked on.
  func beginStopping() -> [Exchange] {
    state.withLock { state in
      state.stage = .stopping
      return Array(state.working.values)
    }
  }
}
