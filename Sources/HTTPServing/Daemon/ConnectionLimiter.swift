import Synchronization

/// Limits open connections, in all and by address.
///
/// A connection beyond a limit is let in for so long that it can be told: a reserve is kept for those.
final class ConnectionLimiter: Sendable {
  private struct State: Sendable {
    var admitted = 0
    var excess = 0
    var byAddress: [String: Int] = [:]
  }

  private let limit: Int
  /// 0 for no such limit.
  private let limitPerAddress: Int
  /// Connections beyond the limits that are let in at once.
  private let reserve: Int
  private let framing: FramingLimits
  private let state = Mutex(State())

  /// - Parameter framing: What each connection's requests are held to.
  init(limit: Int, limitPerAddress: Int, reserve: Int, framing: FramingLimits) {
    self.framing = framing
    self.limit = limit
    self.limitPerAddress = limitPerAddress
    self.reserve = reserve
  }

  /// How many connections beyond a limit are answered at once.
  static func reserve(forConnections count: Int) -> Int { max(16, min(256, count / 16)) }

  /// A connection has begun.
  /// - Returns: nil when nothing can be done for it.
  func admit(_ address: @autoclosure () -> String) -> ConnectionSlot? {
    let address = limitPerAddress > 0 ? address() : ""
    return state.withLock { state in
      let excess = excess(state, address)
      if excess == nil {
        state.admitted += 1
        if limitPerAddress > 0 { state.byAddress[address, default: 0] += 1 }
      } else if state.excess < reserve {
        state.excess += 1
      } else {
        return nil
      }
      return ConnectionSlot(address: address, excess: excess, limits: framing)
    }
  }

  /// The connection has ended.
  func leave(_ slot: ConnectionSlot) {
    state.withLock { state in
      guard slot.excess == nil else {
        state.excess -= 1
        return
      }
      state.admitted -= 1
      guard let count = state.byAddress[slot.address] else { return }
      state.byAddress[slot.address] = count > 1 ? count - 1 : nil
    }
  }

  private func excess(_ state: State, _ address: String) -> ConnectionExcess? {
    if state.admitted >= limit { return .total }
    if limitPerAddress > 0 && state.byAddress[address, default: 0] >= limitPerAddress {
      return .address
    }
    return nil
  }
}

/// Which limit a connection is beyond.
enum ConnectionExcess: Sendable {
  case total, address

  /// What a client on such a connection is told.
  var response: Response {
    let detail =
      switch self {
      case .total: "There are as many connections as the server takes. Try again later."
      case .address: "There are as many connections from this address as the server takes."
      }
    return .problem(.serviceUnavailable, detail: detail).with("Retry-After", "1")
  }
}
