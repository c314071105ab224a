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
  }

  /// What libmicrohttpd is to do after a callback.
  enum Verdict { case proceed, close }

  struct State: Sendable {
    var phase = Phase.head
    var record = RequestRecord()
    var bodyMemory = 0
    /// Bytes that a body used on arrival may have.
    var streamLimit = 0
    /// Whether a part of the answer has been written past the library.
    var isAnswering = false
    var isCounted = true
    var outlet: Outlet
  }

  let core: ServerCore
  let connection: Connection
  private let target: String
  let began = ContinuousClock.now
  /// A request that began before the server was asked to stop is one of those that finish.
  private let beganWhileDraining: Bool
  let state: Mutex<State>

  /// Bodies up to this size are read to their end although the answer is known, which keeps the connection usable.
  private static let shortBody: UInt64 = 256 * 1024
  /// So much is dropped of a longer body before the connection is closed.
  static let lingerLimit = 64 * 1024 * 1024

  init(core: ServerCore, connection: Connection, target: String) {
    self.core = core
    self.connection = connection
    self.target = target
    state = Mutex(State(outlet: connection.outlet))
    beganWhileDraining = core.lifecycle.requestBegan()
  }

  /// Whether the header has not been looked at yet.
  var awaitsHead: Bool {
    state.withLock { state in
      if case .head = state.phase { true } else { false }
    }
  }

  // MARK: What libmicrohttpd tells

  /// The header is complete.
  func headReceived(method: String) -> Verdict {
    var head = head(method)
    if let malformation = malformation(of: head) {
      state.withLock { [head] in $0.record.head = head }
      return refuse(malformation, head)
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
    let admission = core.router.admit(&head, load: load)
    // Health checks are answered on any connection.
    guard let excess = connection.excess, case .accept(let match) = admission,
      match.route.whileDraining == .refuse
    else { return admission }
    return .refuse(excess.response, by: match.route.pattern)
  }

  /// A piece of the body has come.
  func received(_ bytes: UnsafeRawBufferPointer) -> Verdict {
    var stream: BodyStream?
    let refusal: Response? = state.withLock { state in
      state.record.receivedBytes += bytes.count
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
      case .discarding: return nil
      case .lingering(let left):
        state.phase = .lingering(left - bytes.count)
        return nil
      case .head, .working, .ready, .answered, .over: return nil
      }
    }
    if let stream { return unsafe received(bytes, stream) }
    return refusal.map(answerAhead) ?? verdictWhileReceiving()
  }

  /// The request is complete, or its connection was resumed: the answer is due if there is one.
  func requestComplete() -> Verdict {
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
  func ended(_ outcome: RequestRecord.Outcome) {
    let (record, bodyMemory, isCounted) = state.withLock { state in
      if case .streaming(let body) = state.phase { body.close() }
      state.phase = .over
      state.record.outcome =
        outcome == .disconnected && state.record.status != nil ? state.record.outcome : outcome
      state.record.status = state.record.status ?? connection.status
      state.record.times.total = began.elapsed
      return (state.record, state.bodyMemory, state.isCounted)
    }
    core.returnBodyMemory(bodyMemory)
    core.events.requestEnded(record)
    if isCounted { core.lifecycle.requestEnded() }
  }

  private func head(_ method: String) -> RequestHead {
    let fields = connection.fields
    return RequestHead(
      method: Method(rawValue: method), target: RequestTarget(target) ?? .unreadable,
      fields: fields, framing: (try? BodyFraming(fields)) ?? .none,
      peer: fields.client(behind: core.configuration.proxies) ?? connection.peer,
      id: RequestID.choose(fields["X-Request-ID"]),
      trace: fields["traceparent"].flatMap { TraceContext($0) })
  }

  // MARK: Refusing

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

  /// Refuses a request whose body has not been read. A client that waits for "100 Continue" never sends it.
  func refuse(_ response: Response, _ head: RequestHead) -> Verdict {
    let isUnclear = response.fields["Connection"] == "close" && !core.lifecycle.isDraining
    if isUnclear || (head.framing.hasBody && head.expectsContinue) { return send(response) }
    switch head.framing {
    case .length(let length) where length > Exchange.shortBody: return answerAhead(response)
    default:
      state.withLock { $0.phase = .discarding(response) }
      return .proceed
    }
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

  /// Answers in the middle of the body.
  func answerAhead(_ response: Response) -> Verdict {
    let bodyMemory = state.withLock { state in
      state.phase = .lingering(Exchange.lingerLimit)
      state.record.status = response.status.rawValue
      state.record.sentBytes = response.content.count
      let head = state.record.head
      state.outlet.send(dressed(response, head), omitBody: head?.method == .head)
      defer { state.bodyMemory = 0 }
      return state.bodyMemory
    }
    core.returnBodyMemory(bodyMemory)
    stopCounting()
    return .proceed
  }

  /// A connection that only lingers is nothing that draining waits for.
  func stopCounting() {
    let wasCounted = state.withLock { state in
      defer { state.isCounted = false }
      return state.isCounted
    }
    if wasCounted { core.lifecycle.requestEnded() }
  }

  func verdictWhileReceiving() -> Verdict {
    state.withLock { state in
      switch state.phase {
      case .lingering(let left) where left < 0: .close
      case .discarding where state.record.receivedBytes > Exchange.lingerLimit: .close
      default: .proceed
      }
    }
  }

  // MARK: Answering

  private func dispatch(_ match: Router.Match, _ body: [UInt8]) -> Verdict {
    guard let head = state.withLock({ $0.record.head }) else { return .close }
    let request = Request(
      head: head, parameters: match.parameters, body: body, load: core.load)
    guard case .whole(let handler) = match.route.handler else { return .close }
    switch handler(request) {
    case .response(let response): return send(response)
    case .work(let work): return submit(work)
    case .aside(let work): return runAside(work)
    }
  }

  private func submit(_ work: @escaping @Sendable () -> Response) -> Verdict {
    guard core.queue.reserve() else { return send(.busy) }
    state.withLock { $0.phase = .working }
    guard core.lifecycle.beginWork(self, suspend: connection.suspend) else {
      core.queue.cancelReservation()
      state.withLock { $0.phase = .over }
      return send(.draining)
    }
    let submitted = ContinuousClock.now
    core.queue.enqueue { self.perform(work, submitted: submitted) }
    return .proceed
  }

  private func runAside(_ work: @escaping @Sendable () -> Response) -> Verdict {
    state.withLock { $0.phase = .working }
    guard core.lifecycle.beginWork(self, suspend: connection.suspend) else {
      state.withLock { $0.phase = .over }
      return send(.draining)
    }
    startThread { _ = self.deliver(work()) }
    return .proceed
  }

  /// Runs on a worker.
  private func perform(
    _ work: @Sendable () -> Response, submitted: ContinuousClock.Instant
  ) {
    state.withLock { $0.record.times.queue = submitted.elapsed }
    let started = ContinuousClock.now
    let response = work()
    state.withLock { $0.record.times.work = started.elapsed }
    deliver(response)
  }

  /// Wakes the connection with the answer, unless it has been woken with another one.
  /// - Returns: Whether it was this answer that woke it.
  @discardableResult
  private func deliver(_ response: Response) -> Bool {
    let isFirst = state.withLock { state in
      guard case .working = state.phase else { return false }
      state.phase = .ready(response)
      // Within the lock: whoever stops the daemon passes through it first and finds nothing suspended.
      connection.resume()
      return true
    }
    core.lifecycle.endWork(self)
    return isFirst
  }

  /// Answers for a worker that did not finish in time.
  /// - Returns: false when it had finished after all.
  func abandonWork() -> Bool { abandonStream() ?? deliver(.draining) }

  private func send(_ response: Response) -> Verdict {
    let head = state.withLock { state in
      state.phase = .over
      state.record.status = response.status.rawValue
      state.record.sentBytes = response.content.count
      return state.record.head
    }
    var response = dressed(response, head)
    let isLast = core.lifecycle.isDraining || connection.excess != nil
    if isLast && response.fields["Connection"] == nil {
      response.fields.add("Connection", "close")
    }
    return connection.queue(response) ? .proceed : .close
  }

  /// The answer with what every answer carries.
  func dressed(_ response: Response, _ head: RequestHead?) -> Response {
    guard let head else { return response }
    var response = core.router.finished(response, to: head).with("X-Request-ID", head.id)
    if let trace = head.trace { response.fields.add("traceparent", trace.traceparent) }
    return response
  }
}

extension RequestHead {
  var expectsContinue: Bool {
    fields["Expect"].map { equalIgnoringCase($0, "100-continue") } ?? false
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

extension RequestTarget {
  /// Stands for a target that could not be read.
  fileprivate static let unreadable = RequestTarget(path: "", segments: [], query: [])
}

extension ContinuousClock.Instant {
  var elapsed: Duration { duration(to: .now) }
}
