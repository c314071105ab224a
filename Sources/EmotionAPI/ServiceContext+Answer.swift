import EmotionRecognition
import HTTPServing

extension ServiceContext {
  /// Answers about each recording; each of several has its own result or problem.
  func answer(
    to upload: Upload, _ head: RequestHead, _ allowance: RequestAllowance
  ) throws -> Response {
    let recognizer = try model(for: head)
    let judge = { (recording: EncodedRecording) throws -> JSON in
      try answer(about: recording, upload.options, by: recognizer, allowance)
    }
    if upload.isSingle, let recording = upload.recordings.first {
      return try judge(recording).response()
    }
    var items = EncodedItems()
    for recording in upload.recordings { items.append(try orProblem { try judge(recording) }) }
    return items.finished().response()
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
    return try predict(recording, by: recognizer, allowance).json(options)
  }
}
