import HTTPServing
import Recognition

/// Hugging Face's task of that name, so that its clients can be pointed here: `[{"label": …, "score": …}, …]`.
enum AudioClassification {
  /// As many as transformers' pipeline gives.
  private static let defaultCount = 5

  static func refusal(_ head: RequestHead) -> Response? {
    if let refusal = Upload.refusal(head) { return refusal }
    guard (try? Upload.options(head).windows) == nil else { return noWindows.response }
    return nil
  }

  static func answer(
    _ request: Request, _ context: ServiceContext, _ allowance: RequestAllowance
  ) -> Response {
    do {
      let upload = try Upload(request.head, request.body)
      guard upload.options.windows == nil else { return noWindows.response }
      guard upload.isSingle, let recording = upload.recordings.first else {
        return ProblemKind.malformedForm("Send one file at a time here.").response
      }
      let model = try context.model(for: request.head)
      let prediction = try context.predict(recording, by: model, allowance)
      let best = prediction.scores.ranked.prefix(upload.options.topK ?? defaultCount)
      let items = best.map { score in
        JSON.object(["label": .string(score.label), "score": .float(score.probability)])
      }
      var response = JSON.array(items).response()
      // Clients take the first label: an empty list would break them.
      if !prediction.hasSpeech { response.fields.add("X-Speech", "false") }
      return response
    } catch {
      return problem(error, in: request.head).response
    }
  }

  private static let noWindows = ProblemKind.badParameter(
    "There are no windows here: ask /predict.")
}
