import CSystemCalls
import Glibc
import Synchronization

/// Notices when clients close their side while a blocking thread has their request. libmicrohttpd does not notice while a
/// connection sleeps. One thread, for a whole server.
final class ClientWatch: Sendable {
  private struct State: Sendable {
    var number: UInt64 = 0
    /// Of the sockets that are watched.
    var cancellations: [UInt64: RequestCancellation] = [:]
  }

  /// -1 where nothing can be watched: clients that leave are noticed later then.
  private let descriptor: Int32
  /// A pipe's end, whose closing ends the thread.
  private let lifeline: Int32
  private let state: SharedState

  private final class SharedState: Sendable { let value = Mutex(State()) }

  /// What is told when the lifeline is cut.
  private static let lifelineNumber: UInt64 = 0

  init() {
    var ends: [Int32] = [-1, -1]
    let (set, state) = (unsafe csys_watch_open(&ends), SharedState())
    let opened = [set, ends[0]].filter { $0 >= 0 }
    let isWatching =
      set >= 0
      && startThread {
        Self.watch(set, state)
        for descriptor in opened { close(descriptor) }
      }
    if !isWatching { for descriptor in opened { close(descriptor) } }
    self.state = state
    self.descriptor = isWatching ? set : -1
    lifeline = ends[1]
  }

  deinit { if lifeline >= 0 { close(lifeline) } }

  /// - Returns: The number to give up watching with.
  func begin(_ socket: Int32, _ cancellation: RequestCancellation) -> UInt64 {
    let number = state.value.withLock { state in
      state.number += 1
      state.cancellations[state.number] = cancellation
      return state.number
    }
    csys_watch_begin(descriptor, socket, number)
    return number
  }

  /// The socket must not be closed yet.
  func end(_ socket: Int32, _ number: UInt64) {
    _ = state.value.withLock { $0.cancellations.removeValue(forKey: number) }
    csys_watch_end(descriptor, socket)
  }

  private static func watch(_ set: Int32, _ state: SharedState) {
    var numbers = [UInt64](repeating: 0, count: 64)
    while true {
      let count = unsafe csys_watch_wait(set, &numbers, Int32(numbers.count))
      for number in numbers.prefix(max(0, Int(count))) {
        if number == lifelineNumber { return }
        state.value.withLock { $0.cancellations[number] }?.cancel()
      }
    }
  }
}
