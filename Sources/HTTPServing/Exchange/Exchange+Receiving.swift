import Synchronization

/// A request whose body arrives.
extension Exchange {
  /// A piece of the body has come.
  func received(_ bytes: UnsafeRawBufferPointer) -> CallbackResult {
    var stream: BodyStream?
    let fault = finding?.fault
    let refusal: Response? = state.withLock { state in
      state.record.receivedBytes += bytes.count
      if let fault, state.phase.awaitsBody { return fault.response }
      switch state.phase {
      case .streaming(let body):
        stream = body
        return nil
      case .collecting(let match, var body):
        // Nobody else may hold the array, or appending would copy it.
        state.phase = .over
        if let refusal = self.refusal(of: bytes.count, after: body.count, match.route, &state) {
          return refusal
        }
        let limit = min(match.route.body.limit, state.record.head?.framing.length ?? .max)
        body.makeRoom(for: bytes.count, limit: limit)
        unsafe body.append(contentsOf: bytes)
        state.phase = .collecting(match, body)
        return nil
      // In chunks, it may turn out not to be short.
      case .discarding(let response):
        return state.record.receivedBytes > Exchange.shortBody ? response : nil
      case .lingering(let left):
        state.phase = .lingering(left - bytes.count - state.raw.drop(upTo: left))
        return nil
      case .head, .working, .ready, .answered, .over: return nil
      }
    }
    if let stream { return unsafe received(bytes, stream) }
    return refusal.map(answerAhead) ?? resultWhileReceiving()
  }

  /// Checks a piece of a body before it is kept.
  private func refusal(
    of count: Int, after size: Int, _ route: Route, _ state: inout State
  ) -> Response? {
    if size + count > route.body.limit { return .tooLarge(route.body.limit) }
    if began.elapsed > core.configuration.bodyTimeout { return .tooSlow }
    guard core.takeBodyMemory(count) else { return .outOfMemory }
    state.bodyMemory += count
    return nil
  }

  func resultWhileReceiving() -> CallbackResult {
    state.withLock { state in
      switch state.phase {
      case .lingering(let left) where left < 0: .close
      default: .proceed
      }
    }
  }
}

extension [UInt8] {
  /// Grows twofold, as arrays do, and from a quarter of the limit to all of it: growing again would hold the bytes
  /// twice, and memory that nothing has been written to is none.
  fileprivate mutating func makeRoom(for count: Int, limit: Int) {
    let needed = self.count + count
    guard needed > capacity else { return }
    reserveCapacity(
      needed > limit / 4 ? Swift.max(limit, needed) : Swift.max(2 * self.count, needed))
  }
}
