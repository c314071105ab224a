import AudioIO
import HTTPServing
import Recognition

/// A recording that comes as the binary messages of a WebSocket, and is answered as a live timeline is: a text for each
/// window, and one about the whole once the client has said that it ends.
struct LiveSocket {
  /// What a client says at the recording's end.
  private static let end = "{\"end\":true}"

  private let context: ServiceContext
  private let socket: WebSocket
  private let allowance: RequestAllowance

  init(context: ServiceContext, socket: WebSocket) {
    self.context = context
    self.socket = socket
    allowance = context.allowance(socket.context.workers)
  }

  /// Refuses, before the socket is open, what could not be answered.
  static func refusal(_ head: RequestHead) -> Response? {
    do {
      _ = try rawFormat(head.target["type"])
      _ = try PredictionOptions(ofSocket: head.target)
      return nil
    } catch {
      return problem(error).response
    }
  }

  func run() {
    do {
      try follow()
    } catch {
      // Where the client left or the server stops, that is what is to be said.
      if !socket.context.isAbandoned { socket.close(problem(error)) }
    }
  }

  private func follow() throws {
    let head = socket.request.head
    let run = context.timeline(
      by: try context.model(for: head), try PredictionOptions(ofSocket: head.target), allowance)
    let overall = try run(
      ArrivingBytes(nextBytes), as: try rawFormat(head.target["type"]), perform: compute,
      each: { try send(run.line($0, $1)) })
    try send(overall)
    socket.close(.normal)
  }

  /// - Returns: nil at the recording's end, also where the socket is closed.
  private func nextBytes() -> [UInt8]? {
    switch socket.next() {
    case .data(let bytes): return bytes
    case .text(let text):
      if text.filter({ !$0.isWhitespace }) != Self.end { socket.close(.unknownText, .unsupported) }
      return nil
    case nil: return nil
    }
  }

  private func compute(
    _ job: @escaping @Sendable () -> TimelineRun.EntryResult
  ) -> TimelineRun.EntryResult? {
    socket.isOpen ? socket.context.compute(.light, job) : nil
  }

  private func send(_ line: JSON) throws {
    let text = line.text
    try allowance.take(answerBytes: text.utf8.count)
    socket.send(text)
    // Without a client there is nothing left to work for.
    if !socket.isOpen { throw Stopping() }
  }
}

extension PredictionOptions {
  /// What a socket is asked in its query, where `type` says what the recording is. It always asks for windows.
  fileprivate init(ofSocket target: RequestTarget) throws(UploadError) {
    self.init()
    do {
      for parameter in target.query where !["model", "type"].contains(parameter.name) {
        try set(parameter.name, parameter.value)
      }
      try set("windows", "true")
      try check()
    } catch { throw .parameter(error) }
  }
}

extension Problem {
  fileprivate static let unknownText = ProblemKind.malformedJSON(
    "The only text that is understood is {\"end\": true}, at the recording's end.")
}
