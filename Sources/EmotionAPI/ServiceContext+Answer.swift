import HTTPServing
import Recognition

extension ServiceContext {
  /// Answers about each recording; each of several has its own result or problem.
  func answer(
    to upload: Upload, _ head: RequestHead, _ allowance: RequestAllowance,
    _ stream: AnswerStream? = nil
  ) throws -> Response? {
    let recognizer = try model(for: head)
    let classify = { (recording: EncodedRecording) throws -> JSON in
      try answer(about: recording, upload.options, by: recognizer, allowance)
    }
    if upload.isSingle, let recording = upload.recordings.first {
      return try classify(recording).response()
    }
    if let stream, upload.options.windows != nil {
      try write(upload.recordings, to: stream, classify)
      return nil
    }
    var items = EncodedItems()
    for recording in upload.recordings { items.append(try orProblem { try classify(recording) }) }
    return items.finished().response()
  }

  /// Sends each recording's timeline as soon as it is known. What ends the request after the first one is the last item:
  /// the status is sent already.
  private func write(
    _ recordings: [EncodedRecording], to stream: AnswerStream,
    _ classify: (EncodedRecording) throws -> JSON
  ) throws {
    for recording in recordings {
      let item: JSON
      var isLast = false
      do { item = try orProblem { try classify(recording) } } catch {
        guard stream.hasBegun else { throw error }
        item = error.problem.json
        isLast = true
      }
      let separator = stream.hasBegun ? "," : "["
      if !stream.hasBegun {
        stream.begin(Response(contentType: "application/json", body: []))
      }
      stream.write(Array((separator + item.text).utf8))
      if isLast || !stream.isOpen { break }
    }
    stream.write(Array("]".utf8))
  }

  /// What ends the request ends it for all of its recordings.
  private func orProblem(_ answer: () throws -> JSON) throws(RequestEnd) -> JSON {
    do { return try answer() } catch {
      if let end = error as? RequestEnd { throw end }
      return problem(error).json
    }
  }

  private func answer(
    about recording: EncodedRecording, _ options: PredictionOptions,
    by recognizer: any SpeechRecognizing, _ allowance: RequestAllowance
  ) throws -> JSON {
    guard options.windows == nil else {
      return try timeline(by: recognizer, options, allowance).answer(recording)
    }
    let predictions = try predictions(
      recording, channels: options.channels, by: recognizer, allowance)
    return try predictions.json(options)
  }
}
