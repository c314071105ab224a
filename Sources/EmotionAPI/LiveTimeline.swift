import AudioIO
import HTTPServing
import Recognition

/// A timeline of a recording that still arrives.
///
/// It is answered as one JSON value at the end, or as a line for each window while the upload goes on and a last one
/// about the whole.
struct LiveTimeline {
  let context: ServiceContext
  let request: StreamedRequest
  let allowance: RequestAllowance

  /// - Returns: nil when the answer has been written line by line.
  func answer() -> Response? {
    let head = request.request.head
    do {
      let first = request.body.next() ?? []
      let raw = try rawFormat(head.fields["Content-Type"], of: first)
      if raw == nil && JSONUpload.begins(first) { return try whole(first) }
      let options = try Upload.options(head)
      return try follow(first, as: raw, options)
    } catch {
      return problem(error).response
    }
  }

  /// JSON makes sense as a whole only.
  private func whole(_ first: [UInt8]) throws -> Response {
    let head = request.request.head
    var body: [UInt8] = []
    // At once: an array that grows holds its bytes twice, and memory that nothing is written to is none.
    body.reserveCapacity(min(context.limits.body, head.framing.length ?? .max))
    var next: [UInt8]? = first
    while let bytes = next {
      guard body.count + bytes.count <= context.limits.body else {
        return .tooLarge(context.limits.body)
      }
      guard request.takeMemory(bytes.count) else { return .outOfMemory }
      body += bytes
      next = request.body.next()
    }
    let upload = try Upload(head, body)
    return try context.answer(to: upload, head, allowance) ?? Response(.internalServerError)
  }

  private func follow(
    _ first: [UInt8], as raw: RawPCM?, _ options: PredictionOptions
  ) throws -> Response? {
    let model = try context.model(for: request.request.head)
    let run = context.timeline(by: model, options, allowance)
    let form = request.request.head.liveForm
    var waiting: [UInt8]? = first
    let source = ArrivingBytes {
      defer { waiting = nil }
      return waiting ?? request.body.next()
    }
    guard form != .json else {
      return try run.whole(source, as: raw, perform: { request.compute(.light, $0) }).response()
    }
    let table = form == .csv ? try CSVTable(options, by: model) : nil
    do {
      let overall = try run(
        source, as: raw, perform: { request.compute(.light, $0) },
        each: { try write(run.line($0, $1), in: table) })
      // Of a table each line is a window.
      if table == nil { try write(overall, in: nil) } else { begin(table) }
      return nil
    } catch {
      return report(problem(error), in: table)
    }
  }

  private func write(_ line: JSON, in table: CSVTable?) throws {
    begin(table)
    let bytes = bytes(of: line, in: table)
    try allowance.take(answerBytes: bytes.count)
    request.answer.write(bytes)
    // Without a client there is nothing left to work for.
    if !request.answer.isOpen { throw Stopping() }
  }

  private func begin(_ table: CSVTable?) {
    guard !request.answer.hasBegun else { return }
    let type = table == nil ? ItemForm.lines.contentType : CSVTable.contentType
    request.answer.begin(Response(contentType: type, body: []).unbuffered())
    if let table { request.answer.write(Array(table.header.utf8)) }
  }

  private func bytes(of line: JSON, in table: CSVTable?) -> [UInt8] {
    Array((table?.lines(line, file: nil) ?? line.text + "\n").utf8)
  }

  /// A problem after the first line becomes the last one.
  private func report(_ problem: Problem, in table: CSVTable?) -> Response? {
    guard request.answer.hasBegun else { return problem.response }
    request.answer.write(bytes(of: problem.json, in: table))
    return nil
  }
}

extension RequestHead {
  /// What Accept asks for; a body in chunks is taken for a live one.
  fileprivate var liveForm: AnswerForm { acceptedForm ?? (framing == .chunked ? .lines : .json) }
}
