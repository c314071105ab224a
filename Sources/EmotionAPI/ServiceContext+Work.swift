import AudioIO
import HTTPServing
import Recognition

extension ServiceContext {
  /// Makes the answer to a whole request where it keeps nobody waiting.
  ///
  /// A few seconds of plain samples, which most requests are, go straight to a worker. Everything else has a blocking
  /// thread: it waits for the decoder, and hands what takes the processor to the workers piece by piece.
  func work(
    on request: Request,
    _ answer: @escaping @Sendable (RequestAllowance, AnswerStream?) -> Response?
  ) -> Answer {
    guard isQuick(request) else {
      return .blocking { [self] blocking in
        answer(allowance(blocking.workers), blocking.answer)
      }
    }
    return .work { [self] in answer(allowance(), nil) ?? Response(.internalServerError) }
  }

  private func isQuick(_ request: Request) -> Bool {
    guard !request.head.isForm, let options = try? Upload.options(request.head),
      options.windows == nil, options.channels != .each
    else { return false }
    if let raw = try? rawFormat(request.head.fields["Content-Type"], of: request.body) {
      // In floating point: these numbers are a client's, and may be of any size.
      let samples = Double(request.body.count) / Double(raw.bytesPerSample)
      let seconds = samples / Double(raw.channels) / Double(raw.sampleRate)
      return seconds <= RequestAllowance.lightSeconds
    }
    let plain = PlainRecording(MemorySource(request.body))
    return plain.map { $0.seconds <= RequestAllowance.lightSeconds } ?? false
  }
}
