import Synchronization

/// A request that is refused before its body has arrived.
extension Exchange {
  /// Bodies up to this size are read to their end although the answer is known, which keeps the connection usable.
  static let shortBody = 512 * 1024

  /// Refuses a request whose body has not been read. A client that waits for "100 Continue" never sends it.
  func refuse(_ response: Response, _ head: RequestHead) -> CallbackResult {
    let isUnclear = response.fields["Connection"] == "close" && !core.lifecycle.isDraining
    if isUnclear || (head.framing.hasBody && head.expectsContinue) { return send(response) }
    switch head.framing {
    case .length(let length) where length > UInt64(Exchange.shortBody):
      return answerAhead(response)
    // Who has no key may send without an end.
    case .chunked where response.status == .unauthorized: return answerAhead(response)
    case .upgrade: return answerAhead(response)
    default:
      state.withLock { $0.phase = .discarding(response) }
      return .proceed
    }
  }

  /// Refuses a request of which the library has got another header, with a body that never ends.
  func refuse(_ fault: FramingFault) -> CallbackResult {
    let head = RequestHead(
      method: .unreadable, target: .unreadable, peer: connection.peer, id: RequestID.fresh())
    state.withLock { $0.record.head = head }
    return answerAhead(core.router.screened(fault.response, head))
  }

  /// Answers in the middle of the body.
  func answerAhead(_ response: Response) -> CallbackResult {
    let bodyMemory = state.withLock { state in
      state.phase = .lingering(
        response.status == .unauthorized ? Exchange.strangersLimit : Exchange.lingerLimit)
      state.record.note(response)
      let head = state.record.head
      state.raw.send(dressed(response, head), omitBody: head?.method == .head)
      defer { state.bodyMemory = 0 }
      return state.bodyMemory
    }
    core.returnBodyMemory(bodyMemory)
    stopCounting()
    return .proceed
  }

  /// The library ends the request and closes the connection: answers first, unless that has been done.
  func refusedByLibrary(_ response: Response) {
    state.withLock { state in
      guard state.record.status == nil, !state.isAnswering else { return }
      let response = dressed(
        state.record.head == nil ? response.with("X-Request-ID", RequestID.fresh()) : response,
        state.record.head)
      state.record.note(response)
      state.raw.send(response, omitBody: false)
      // Closing a socket with unread bytes may take the answer away from the client.
      _ = state.raw.drop(upTo: Self.lingerLimit)
    }
  }

  /// A connection that only lingers is nothing that draining waits for.
  func stopCounting() {
    let wasCounted = state.withLock { state in
      defer { state.isCounted = false }
      return state.isCounted
    }
    if wasCounted { core.lifecycle.requestEnded() }
  }
}

extension RequestTarget {
  /// Stands for a target that could not be read.
  static let unreadable = RequestTarget(path: "-", segments: [], query: [])
}

extension Method {
  /// Stands for the method of a request that could not be read.
  static let unreadable = Method(rawValue: "-")
}

extension RequestHead {
  var expectsContinue: Bool {
    fields["Expect"].map { equalIgnoringCase($0, "100-continue") } ?? false
  }
}
