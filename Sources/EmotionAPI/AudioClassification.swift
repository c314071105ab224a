import AudioIO
import HTTPServing
import Recognition

/// Hugging Face's task of that name, so that its clients can be pointed here: `[{"label": …, "score": …}, …]`.
enum AudioClassification {
  /// As many as transformers' pipeline gives.
  private static let defaultCount = 5

  static func refusal(_ head: RequestHead) -> Response? {
    if let refusal = Upload.refusal(head) { return refusal }
    return (try? Upload.options(head)).flatMap(refusal)
  }

  static func answer(
    _ request: Request, _ context: ServiceContext, _ allowance: RequestAllowance
  ) -> Response {
    do {
      let upload = try Upload(request.head, request.body)
      if let refusal = refusal(upload.options) { return refusal }
      guard upload.isSingle, let recording = upload.files.first?.recording else {
        return ProblemKind.malformedForm("Send one file at a time here.").response
      }
      let options = upload.options
      let model = try context.model(for: request.head)
      let prediction = try context.predictions(
        recording, channels: options.channels, options.labels, by: model, allowance)[0]
      let ranked = prediction.scores.ranked
      let best = zip(ranked, options.function(ranked)).prefix(options.topK ?? defaultCount)
      let items = best.map { JSON.object(["label": .string($0.label), "score": .float($1)]) }
      var response = JSON.array(items).response()
      // Clients take the first label: an empty list would break them.
      if !prediction.hasSpeech { response.fields.add("X-Speech", "false") }
      return response
    } catch {
      return problem(error, in: request.head).response
    }
  }

  /// One recording has one answer here.
  private static func refusal(_ options: PredictionOptions) -> Response? {
    guard options.windows != nil || options.channels == .each else { return nil }
    return ProblemKind.badParameter(
      "There are no windows and no separate channels here: ask /predict."
    ).response
  }
}
