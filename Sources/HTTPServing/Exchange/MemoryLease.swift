import Synchronization

/// Memory that one request has taken of what all bodies together may hold. It goes back with the lease.
final class MemoryLease: Sendable {
  private let take: @Sendable (Int) -> Bool
  private let giveBack: @Sendable (Int) -> Void
  private let taken = Atomic<Int>(0)

  init(
    take: @escaping @Sendable (Int) -> Bool, giveBack: @escaping @Sendable (Int) -> Void
  ) {
    self.take = take
    self.giveBack = giveBack
  }

  /// Of the memory that the server keeps for bodies.
  convenience init(_ core: ServerCore) {
    self.init(take: core.takeBodyMemory, giveBack: core.returnBodyMemory)
  }

  deinit { giveBack(taken.load(ordering: .relaxed)) }

  func callAsFunction(_ count: Int) -> Bool {
    guard take(count) else { return false }
    taken.add(count, ordering: .relaxed)
    return true
  }
}
