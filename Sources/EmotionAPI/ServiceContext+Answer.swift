import HTTPServing
import Recognition

extension ServiceContext {
  /// Answers about each file; each of several has its own result or problem.
  func answer(
    to upload: Upload, _ head: RequestHead, _ allowance: RequestAllowance,
    _ stream: AnswerStream? = nil
  ) throws -> Response? {
    let recognizer = try model(for: head)
    let form = head.acceptedForm ?? .json
    if form == .csv { return try table(of: upload, by: recognizer, allowance) }
    let classify = { (file: Upload.File) throws -> JSON in
      try answer(about: file.recording, upload.options, by: recognizer, allowance)
    }
    if upload.isSingle, form == .json, let file = upload.files.first {
      return try classify(file).response()
    }
    let itemForm = form == .lines ? ItemForm.lines : .array
    let named = { (file: Upload.File) throws -> JSON in
      try orProblem(unless: upload.isSingle) { try classify(file) }.of(file)
    }
    if let stream, upload.options.windows != nil {
      try write(upload.files, as: itemForm, to: stream, named)
      return nil
    }
    var items = EncodedItems(itemForm)
    for file in upload.files { items.append(try named(file)) }
    return items.finished().response(contentType: itemForm.contentType)
  }

  /// Sends each file's timeline as soon as it is known. What ends the request after the first one is the last item:
  /// the status is sent already.
  private func write(
    _ files: [Upload.File], as form: ItemForm, to stream: AnswerStream,
    _ classify: (Upload.File) throws -> JSON
  ) throws {
    for file in files {
      let item: JSON
      var isLast = false
      do { item = try classify(file) } catch {
        guard stream.hasBegun else { throw error }
        item = problem(error).json
        isLast = true
      }
      let separator = stream.hasBegun ? form.separator : form.open
      if !stream.hasBegun {
        stream.begin(Response(contentType: form.contentType, body: []).unbuffered())
      }
      stream.write(Array((separator + item.text).utf8))
      if isLast || !stream.isOpen { break }
    }
    stream.write(Array(form.close.utf8))
  }

  private func table(
    of upload: Upload, by recognizer: any SpeechRecognizing, _ allowance: RequestAllowance
  ) throws -> Response {
    let table = try CSVTable(upload.options, by: recognizer)
    var text = table.header
    for file in upload.files {
      let add = { (answer: JSON) throws in
        let lines = table.lines(answer, file: file.name)
        try allowance.take(answerBytes: lines.utf8.count)
        text += lines
      }
      do {
        if upload.options.windows != nil {
          try timeline(by: recognizer, upload.options, allowance)
            .windows(of: file.recording, each: add)
        } else {
          try add(answer(about: file.recording, upload.options, by: recognizer, allowance))
        }
      } catch  where !(upload.isSingle || error is RequestEnd) {
        try add(problem(error).json)
      }
    }
    return Response(contentType: CSVTable.contentType, body: Array(text.utf8))
  }

  /// - Parameter isSingle: A problem with the only file is thrown. What ends the request is, too, for all of its files.
  private func orProblem(unless isSingle: Bool, _ answer: () throws -> JSON) throws -> JSON {
    do { return try answer() } catch {
      if isSingle || error is RequestEnd { throw error }
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
      recording, channels: options.channels, options.labels, by: recognizer, allowance)
    return try predictions.json(options)
  }
}

extension JSON {
  /// The answer with the file's name first, where it has one.
  fileprivate func of(_ file: Upload.File) -> JSON {
    guard let name = file.name, case .object(let members) = self else { return self }
    return .object([Member("file", .string(name))] + members)
  }
}
