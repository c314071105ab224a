import AudioIO
import HTTPServing
import Recognition

/// What the handlers of recordings share.
struct ServiceContext: Sendable {
  let models: Reloadable<ModelSet>
  let metrics: ServiceMetrics
  let limits: ServiceLimits

  /// The model that `?model=` names, or the first.
  func model(for head: RequestHead) throws(UnknownModel) -> any SpeechRecognizing {
    let models = self.models.value
    guard let model = models.model(named: head.target["model"]) else {
      throw UnknownModel(names: models.identities.map(\.name))
    }
    return model
  }

  /// Refuses a request that names a model which is not served, or a label that the model does not know.
  func refusal(_ head: RequestHead) -> Response? {
    do {
      try model(for: head).check(try? Upload.options(head).labels)
      return nil
    } catch {
      return problem(error).response
    }
  }

  /// What one request may cost.
  /// - Parameter workers: Who does what takes the processor; the calling thread where left out.
  func allowance(_ workers: RequestWorkers? = nil) -> RequestAllowance {
    RequestAllowance(limits, workers: workers)
  }

  /// Of all channels as one signal.
  /// - Parameter labels: Those that may be the answer; nil for all.
  func predict(
    _ recording: EncodedRecording, by recognizer: any SpeechRecognizing, _ labels: Set<String>?,
    _ allowance: RequestAllowance
  ) throws -> Prediction {
    try predictions(recording, channels: .mix, labels, by: recognizer, allowance)[0]
  }

  /// - Parameters:
  ///   - labels: Those that may be the answer; nil for all.
  ///   - allowance: Of the request; also a recording that cannot be classified is counted.
  /// - Returns: One of each signal, never none.
  func predictions(
    _ recording: EncodedRecording, channels: ChannelSelection, _ labels: Set<String>?,
    by recognizer: any SpeechRecognizing, _ allowance: RequestAllowance
  ) throws -> [Prediction] {
    try recognizer.check(labels)
    try allowance.checkpoint()
    let result = Result { () throws(RecognitionError) in
      try recognizer.predict(
        recording, channels: channels, budget: allowance.budget,
        perform: { allowance.compute($0, $1) })
    }
    try allowance.checkSound()
    let predictions = try result.get().map { $0.restricted(to: labels) }
    for prediction in predictions {
      guard prediction.scores.allSatisfy({ $0.probability.isFinite }) else { throw NotFinite() }
      metrics.count(
        seconds: prediction.audio.duration, model: prediction.model.name,
        emotion: prediction.emotion)
    }
    return predictions
  }

  func timeline(
    by recognizer: any SpeechRecognizing, _ options: PredictionOptions,
    _ allowance: RequestAllowance
  ) -> TimelineRun {
    TimelineRun(
      recognizer: recognizer, segmentation: options.windows ?? .windows(WindowPlan()),
      options: options, maximumDuration: limits.streamedSeconds,
      metrics: metrics, allowance: allowance)
  }
}

/// A request names a model that is not served.
struct UnknownModel: Error {
  /// Those that are.
  let names: [String]
}
