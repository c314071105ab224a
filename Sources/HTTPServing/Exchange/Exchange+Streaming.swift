import Synchronization

/// Requests whose body is used while it arrives.
///
/// libmicrohttpd takes a response before a body or after it. What is to be said in between is written past it.
extension Exchange {
  /// Bytes a second that a body must bring in the long run: the slowest speech codecs bring twice as many.
  private static let leastRate = 500

  /// Starts the thread that uses the body.
  func stream(_ head: RequestHead, _ match: Router.Match, _ handler: @escaping StreamHandler)
    -> CallbackResult
  {
    let (pool, client) = (core.blockingThreads.streams, head.identity)
    guard pool.reserve(client) else { return refuse(.tooManyStreams, head) }
    guard core.lifecycle.beginWork(self, suspend: {}) else {
      pool.cancelReservation(client)
      return refuse(.draining, head)
    }
    let body = BodyStream(resume: connection.resume)
    let request = Request(head: head, parameters: match.parameters, load: core.load)
    state.withLock {
      $0.phase = .streaming(body)
      $0.streamLimit = match.route.body.limit
    }
    runBlocking(head, in: pool, body) { [core] context in
      handler(
        StreamedRequest(
          request: request, body: body, context: context, memory: MemoryLease(core),
          pingInterval: core.configuration.idleTimeout / 3))
    }
    return .proceed
  }

  /// Has a blocking thread make the answer; a place in its pool is reserved.
  /// - Parameter body: nil when the whole body has come.
  func runBlocking(
    _ head: RequestHead, in pool: FairPool, _ body: BodyStream?,
    _ handler: @escaping @Sendable (BlockingContext) -> Response?
  ) {
    let cancellation = RequestCancellation()
    let watch = core.blockingThreads.watch.begin(connection.raw.descriptor, cancellation)
    state.withLock { $0.blocking = BlockingState(cancellation: cancellation, watch: watch) }
    pool.enqueue(
      head.identity,
      FairPool.Job(
        run: {
          self.conclude(self.answer(head, cancellation, handler), body)
          self.core.lifecycle.endWork(self)
        },
        drop: { loss in
          self.conclude(.lost(loss), body)
          self.core.lifecycle.endWork(self)
        }))
  }

  /// The request is over, and so is what was done for it.
  func endBlocking() {
    let blocking = state.withLock { state in
      defer { state.blocking = nil }
      return state.blocking
    }
    guard let blocking else { return }
    blocking.cancellation.cancel()
    core.blockingThreads.watch.end(connection.raw.descriptor, blocking.watch)
  }

  /// A piece of such a body has come.
  func received(_ bytes: UnsafeRawBufferPointer, _ body: BodyStream) -> CallbackResult {
    let fault = finding?.fault
    let refusal = state.withLock { streamRefusal(fault, body, &$0) }
    guard refusal == nil else {
      body.close()
      stopCounting()
      return resultWhileReceiving()
    }
    unsafe body.append(bytes) { core.lifecycle.suspend(connection.suspend) }
    return resultWhileReceiving()
  }

  /// Ends a body that cannot be read on, has grown too large or comes too slowly. An answer under way is cut short: it
  /// cannot become another one. A WebSocket's thread says by itself why it ends.
  /// - Returns: nil where nothing was answered.
  private func streamRefusal(
    _ fault: FramingFault?, _ body: BodyStream, _ state: inout State
  ) -> Response? {
    guard case .streaming = state.phase,
      let refusal = fault?.response ?? refusal(of: state)
    else { return nil }
    if state.isUpgrade {
      body.close(refusal)
      return nil
    }
    writeAhead(refusal, &state)
    return refusal
  }

  private func refusal(of state: State) -> Response? {
    let count = state.record.receivedBytes
    if count > state.streamLimit { return .tooLarge(state.streamLimit) }
    let expected = Duration.seconds(count / Self.leastRate)
    return began.elapsed > core.configuration.bodyTimeout + expected ? .tooSlow : nil
  }

  /// The body is complete; the answer is not.
  func sleepUntilAnswered(_ state: inout State, _ body: BodyStream) -> Phase {
    let phase = state.phase
    guard body.finish() || core.lifecycle.suspend(connection.suspend) else {
      state.phase = .over
      return state.isAnswering ? .answered : .ready(.draining)
    }
    state.phase = .working
    return phase
  }

  /// On the blocking thread.
  private func answer(
    _ head: RequestHead, _ cancellation: RequestCancellation,
    _ handler: (BlockingContext) -> Response?
  ) -> Response? {
    let answer = AnswerStream(
      patience: core.configuration.idleTimeout, framing: head.answerFraming,
      dress: { self.dressed($0, head) },
      transmit: { self.transmit($0, waitsForRoom: $1) })
    let context = BlockingContext(
      answer: answer, cancellation: cancellation, client: head.identity, queue: core.queue,
      note: noteWork)
    return handler(context) ?? answer.finish()
  }

  private func noteWork(queue: Duration, work: Duration) {
    state.withLock { state in
      state.record.times.queue += queue
      state.record.times.work += work
    }
  }

  /// Writes a piece of the answer.
  private func transmit(_ bytes: ArraySlice<UInt8>, waitsForRoom: Bool) -> Int? {
    // Within the lock: the connection is not closed before `ended` has passed through it.
    let count: Int? = state.withLock { state in
      switch state.phase {
      case .streaming where state.isInvited: return 0
      case .streaming, .working:
        if !state.isAnswering {
          state.isAnswering = true
          state.record.status = (state.isUpgrade ? Status.switchingProtocols : .ok).rawValue
        }
        let count = state.raw.write(bytes)
        state.record.sentBytes += count ?? 0
        return count
      default: return nil
      }
    }
    if count == 0 && waitsForRoom { connection.raw.waitForRoom() }
    return count
  }

  /// The thread is done.
  /// - Parameter response: nil when the answer has been written.
  private func conclude(_ response: Response?, _ body: BodyStream?) {
    let lingers = state.withLock { state in
      switch state.phase {
      case .streaming:
        writeAhead(response, &state)
        return true
      case .working:
        state.phase = response.map(Phase.ready) ?? .answered
        connection.resume()
        return false
      default: return false
      }
    }
    body?.close()
    if lingers { stopCounting() }
  }

  /// Ends the answer in the middle of the body, of which some more is dropped.
  private func writeAhead(_ response: Response?, _ state: inout State) {
    let canWrite = !state.isInvited
    state.phase = .lingering(canWrite ? Self.lingerLimit : -1)
    guard canWrite else { return }
    guard let response, !state.isAnswering else { return state.raw.end() }
    state.record.note(response)
    state.raw.send(dressed(response, state.record.head), omitBody: false)
  }

  /// Answers for a stream that did not end in time.
  /// - Returns: nil when this is no stream, or one whose body is complete and of which nothing was answered.
  func abandonStream() -> Bool? {
    var body: BodyStream?
    let isFirst: Bool? = state.withLock { state in
      switch state.phase {
      case .streaming(let stream) where state.isUpgrade:
        stream.close(.draining)
        return true
      case .streaming(let stream):
        body = stream
        writeAhead(.draining, &state)
        return true
      case .working where state.isAnswering:
        state.phase = .answered
        connection.resume()
        return true
      default: return nil
      }
    }
    body?.close()
    return isFirst
  }
}

extension RequestHead {
  fileprivate var answerFraming: AnswerStream.Framing {
    framing == .upgrade ? .upgrade : takesChunks ? .chunks : .connection
  }
}

extension Exchange.State {
  /// Whether what comes and goes are the frames of a WebSocket.
  fileprivate var isUpgrade: Bool { record.head?.framing == .upgrade }

  /// Whether the library may be about to write "100 Continue": until that has brought the body's first bytes, nobody
  /// else may write.
  fileprivate var isInvited: Bool {
    record.receivedBytes == 0 && record.head?.expectsContinue == true
  }
}
