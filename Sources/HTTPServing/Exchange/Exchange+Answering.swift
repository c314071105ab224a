import Synchronization

/// A request whose body has arrived, and its answer.
extension Exchange {
  func dispatch(_ match: Router.Match, _ body: [UInt8]) -> CallbackResult {
    guard let head = state.withLock({ $0.record.head }) else { return .close }
    let request = Request(
      head: head, parameters: match.parameters, body: body, load: core.load)
    guard case .whole(let handler) = match.route.handler else { return .close }
    switch handler(request) {
    case .response(let response): return send(response)
    case .work(let work): return submit(work, of: head.identity)
    case .blocking(let work): return runBlocking(request, work)
    case .dedicatedThread(let work): return runOnDedicatedThread(work)
    }
  }

  private func submit(
    _ work: @escaping @Sendable () -> Response, of client: String
  ) -> CallbackResult {
    let pool = core.queue.light
    guard pool.reserve(client) else { return send(.busy) }
    guard sleep() else {
      pool.cancelReservation(client)
      return send(.draining)
    }
    let submitted = ContinuousClock.now
    pool.enqueue(
      client,
      FairPool.Job(
        run: { self.perform(work, submitted: submitted) }, drop: { self.deliver(.lost($0)) }))
    return .proceed
  }

  private func runBlocking(
    _ request: Request, _ work: @escaping @Sendable (BlockingContext) -> Response?
  ) -> CallbackResult {
    let (pool, client) = (core.blockingThreads.whole, request.head.identity)
    guard pool.reserve(client) else { return send(.busy) }
    guard sleep() else {
      pool.cancelReservation(client)
      return send(.draining)
    }
    runBlocking(request.head, in: pool, nil, work)
    return .proceed
  }

  private func runOnDedicatedThread(_ work: @escaping @Sendable () -> Response) -> CallbackResult {
    guard sleep() else { return send(.draining) }
    if !startThread({ self.deliver(work()) }) { deliver(.busy) }
    return .proceed
  }

  /// Lets the connection sleep while the answer is worked out; false when the server stops.
  private func sleep() -> Bool {
    state.withLock { $0.phase = .working }
    if core.lifecycle.beginWork(self, suspend: connection.suspend) { return true }
    state.withLock { $0.phase = .over }
    return false
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
  func abandonWork() -> Bool {
    let blocking = state.withLock { $0.blocking }
    // The blocking thread is told when it is too late for an answer of its own.
    defer { blocking?.cancellation.cancel() }
    return abandonStream() ?? deliver(.draining)
  }

  func send(_ response: Response) -> CallbackResult {
    let head = state.withLock { state in
      state.phase = .over
      state.record.note(response)
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
