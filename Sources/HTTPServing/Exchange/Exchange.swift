import Synchronization

/// One request and its answer, from the request line to the completed callback.
///
/// libmicrohttpd calls it on the thread that serves the connection; only `deliver` comes from another one.
final class Exchange: Sendable {
  /// How far the exchange is.
  enum Phase: Sendable {
    /// The header is not complete.
    case head
    /// The body is being collected for a route.
    case collecting(Router.Match, [UInt8])
    /// A thread uses the body as it arrives, and may write its answer meanwhile.
    case streaming(BodyStream)
    /// The answer is known; what remains of the body is short and thrown away, then the answer goes out.
    case discarding(Response)
    /// The answer went out in the middle of the body; so many more bytes are dropped before the connection is closed.
    case lingering(Int)
    /// The body has arrived and the answer is being made; the connection sleeps.
    case working
    /// The answer waits to be taken.
    case ready(Response)
    /// The answer was written past the library: only the connection is left to close.
    case answered
    /// The library has the answer, or the connection is lost.
    case over

    /// Whether the answer comes after the body and none of it has been sent.
    var awaitsBody: Bool {
      switch self {
      case .collecting, .discarding: true
      default: false
      }
    }
  }

  /// What libmicrohttpd is to do after a callback.
  enum CallbackResult { case proceed, close }

  struct State: Sendable {
    var phase = Phase.head
    var record = RequestRecord()
    var bodyMemory = 0
    /// Bytes that a body used on arrival may have.
    var streamLimit = 0
    /// Whether a part of the answer has been written past the library.
    var isAnswering = false
    var isCounted = true
    /// While a blocking thread has the request.
    var blocking: BlockingState?
    var raw: RawConnection
  }

  /// How the blocking thread learns that the client has left.
  struct BlockingState: Sendable {
    let cancellation: RequestCancellation
    /// What the socket is watched under.
    let watch: UInt64
  }

  let core: ServerCore
  let connection: Connection
  private let target: String
  /// Which of the connection's requests this is, counted from 1.
  private let number: Int
  let began = ContinuousClock.now
  /// A request that began before the server was asked to stop is one of those that finish.
  private let beganWhileDraining: Bool
  let state: Mutex<State>

  /// So much is dropped of a longer body before the connection is closed.
  static let lingerLimit = 64 * 1024 * 1024
  /// The same of a client without a key.
  static let strangersLimit = 8 * 1024 * 1024

  init(core: ServerCore, connection: Connection, number: Int, target: String) {
    self.core = core
    self.connection = connection
    self.target = target
    self.number = number
    state = Mutex(State(raw: connection.raw))
    beganWhileDraining = core.lifecycle.requestBegan()
  }

  /// Whether the header has not been looked at yet.
  var awaitsHead: Bool {
    state.withLock { state in
      if case .head = state.phase { true } else { false }
    }
  }

  // MARK: What libmicrohttpd tells

  /// What the connection's guard has found wrong with this request. Only for the thread that serves the connection.
  var finding: FramingGuard.Finding? {
    connection.slot.reader.finding.flatMap { $0.request == number ? $0 : nil }
  }

  /// Whether this request asks for a WebSocket: the guard passes all that follows on as its body.
  private var isUpgrade: Bool { connection.slot.reader.upgrade == number }

  /// The header is complete.
  func headReceived(method: String, version: String) -> CallbackResult {
    if let finding, finding.isInHeader { return refuse(finding.fault) }
    var head = head(method, version)
    if let malformation = malformation(of: head) {
      state.withLock { [head] in $0.record.head = head }
      return refuse(core.router.screened(malformation, head), head)
    }
    let admission = admission(of: &head)
    state.withLock { [head] in $0.record.head = head }
    switch admission {
    case .refuse(let response, let pattern):
      state.withLock { $0.record.route = pattern?.text }
      return refuse(response, head)
    case .accept(let match):
      state.withLock { $0.record.route = match.route.pattern.text }
      if case .stream(let handler) = match.route.handler { return stream(head, match, handler) }
      state.withLock { $0.phase = .collecting(match, []) }
      return .proceed
    }
  }

  private func admission(of head: inout RequestHead) -> Router.Admission {
    var load = core.load
    load.isDraining = beganWhileDraining
    // Whether there is a place depends on whose the request is.
    load.queueCapacity = .max
    let admission = core.router.admit(&head, load: load)
    // Health checks are answered on any connection.
    guard case .accept(let match) = admission, match.route.whileDraining == .refuse else {
      return admission
    }
    if let excess = connection.excess { return .refuse(excess.response, by: match.route.pattern) }
    // Known now, the body need not come: under overload, refusing must cost little.
    if case .collect = match.route.body, !core.queue.light.hasPlace(head.identity) {
      return .refuse(.busy, by: match.route.pattern)
    }
    return admission
  }

  /// The request is complete, or its connection was resumed: the answer is due if there is one.
  func requestComplete() -> CallbackResult {
    let phase = state.withLock { state in
      let phase = state.phase
      if state.record.times.receive == .zero { state.record.times.receive = began.elapsed }
      switch phase {
      case .working: break
      case .streaming(let body): return sleepUntilAnswered(&state, body)
      default: state.phase = .over
      }
      return phase
    }
    switch phase {
    case .collecting(let match, let body): return dispatch(match, body)
    case .discarding(let response), .ready(let response): return send(response)
    case .streaming, .working, .over: return .proceed
    case .head, .lingering, .answered: return .close
    }
  }

  /// The connection is done with this request, well or badly.
  func ended(_ outcome: RequestOutcome) {
    let (record, bodyMemory, isCounted) = state.withLock { state in
      if case .streaming(let body) = state.phase { body.close() }
      state.phase = .over
      // The thread of an answer that is written ahead may be about to stop counting as well.
      defer { state.isCounted = false }
      state.record.outcome =
        outcome == .disconnected && state.record.status != nil ? state.record.outcome : outcome
      state.record.status = state.record.status ?? connection.status
      state.record.times.total = began.elapsed
      return (state.record, state.bodyMemory, state.isCounted)
    }
    endBlocking()
    core.returnBodyMemory(bodyMemory)
    core.events.requestEnded(record)
    if isCounted { core.lifecycle.requestEnded() }
  }

  private func head(_ method: String, _ version: String) -> RequestHead {
    let fields = connection.fields
    return RequestHead(
      method: Method(rawValue: method), target: RequestTarget(target) ?? .unreadable,
      fields: fields, framing: isUpgrade ? .upgrade : (try? BodyFraming(fields)) ?? .none,
      peer: fields.client(behind: core.configuration.proxies) ?? connection.peer,
      id: RequestID.choose(fields["X-Request-ID"]),
      trace: fields["traceparent"].flatMap { TraceContext($0) },
      takesChunks: version != "HTTP/1.0")
  }

  private func malformation(of head: RequestHead) -> Response? {
    if head.target == .unreadable { return .malformed }
    do {
      _ = try BodyFraming(head.fields)
      return nil
    } catch .unknownTransferCoding {
      return .unknownTransferCoding
    } catch {
      return .ambiguousLength
    }
  }
}

extension ContinuousClock.Instant {
  var elapsed: Duration { duration(to: .now) }
}
