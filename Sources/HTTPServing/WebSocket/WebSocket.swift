/// An open WebSocket, as its handler sees it on its blocking thread. It answers pings, and sends some when the client is
/// silent, so that a connection that is still there is not taken for an idle one.
public final class WebSocket {
  public enum Message: Sendable, Equatable {
    /// Bytes of a binary message, as they came: where one message ends and the next begins is not told.
    case data([UInt8])
    case text(String)
  }

  private let streamed: StreamedRequest
  private var reader: WebSocketReader
  /// What was read and not taken yet.
  private var events: ArraySlice<WebSocketReader.Event> = []
  private var isClosed = false

  /// Opens it.
  init(_ streamed: StreamedRequest, limits: WebSocketReader.Limits) {
    self.streamed = streamed
    reader = WebSocketReader(limits)
    streamed.answer.begin(WebSocketHandshake.answer(streamed.request.head))
  }

  public var request: Request { streamed.request }
  public var context: BlockingContext { streamed.context }

  /// Whether there is still a client to talk to.
  public var isOpen: Bool { !isClosed && streamed.answer.isOpen }

  /// Waits for the next message.
  /// - Returns: nil when the socket is closed, by whichever side.
  public func next() -> Message? {
    while isOpen {
      if let event = events.popFirst() {
        if let message = handle(event) { return message }
      } else if let bytes = receive() {
        events = reader.feed(bytes)[...]
      }
    }
    return nil
  }

  public func send(_ text: String) { send(.text, text.utf8) }

  /// Says goodbye; whatever is sent after it is dropped.
  public func close(_ code: WebSocketCloseCode) {
    send(.close, [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)])
    isClosed = true
  }

  /// Says what went wrong, and closes.
  /// - Parameter code: As the problem's status has it where left out.
  public func close(_ problem: Problem, _ code: WebSocketCloseCode? = nil) {
    send(problem.json.text)
    close(code ?? WebSocketCloseCode(problem.status))
  }

  private func handle(_ event: WebSocketReader.Event) -> Message? {
    switch event {
    case .data(let bytes): return .data(bytes)
    case .text(let text): return .text(text)
    case .ping(let payload): send(.pong, payload)
    case .pong: break
    case .close(let code): close(code.map { WebSocketCloseCode(rawValue: $0) } ?? .normal)
    case .fault(let fault): close(fault.closeCode)
    }
    return nil
  }

  /// - Returns: nil at the end of what comes; the socket is closed then.
  private func receive() -> [UInt8]? {
    while !streamed.body.isReady(within: streamed.pingInterval) { send(.ping, []) }
    if let bytes = streamed.body.next() { return bytes }
    leave()
    return nil
  }

  /// Closes it, unless that has been done: because the server says so, or because there is nothing left to do.
  func leave() {
    guard let refusal = streamed.body.refusal else { return close(.goingAway) }
    send(.text, refusal.content)
    // No other refusal of a socket that is open has this status.
    let isStopping = refusal.status == .serviceUnavailable
    close(isStopping ? .goingAway : WebSocketCloseCode(refusal.status))
  }

  private func send(_ opcode: WebSocketFrame.Opcode, _ payload: some Collection<UInt8>) {
    if !isClosed { streamed.answer.write(WebSocketFrame.encoded(opcode, payload)) }
  }
}
