import AudioIO
import EmotionRecognition
import HTTPServing

/// What the handlers of recordings share.
struct ServiceContext: Sendable {
  let models: Replaceable<ModelSet>
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

  /// Refuses a request that names a model which is not served.
  func refusal(_ head: RequestHead) -> Response? {
    do throws(UnknownModel) {
      _ = try model(for: head)
      return nil
    } catch {
      return error.problem.response
    }
  }

  /// What one request may cost.
  /// - Parameter isAbandoned: Whether its client has left.
  func allowance(isAbandoned: @escaping @Sendable () -> Bool = { false }) -> RequestAllowance {
    RequestAllowance(limits, isAbandoned: isAbandoned)
  }

  /// - Parameter allowance: Of the request; also a recording that cannot be judged is counted.
  func predict(
    _ recording: EncodedRecording, by recognizer: any SpeechRecognizing,
    _ allowance: RequestAllowance
  ) throws -> Prediction {
    try allowance.checkpoint()
    var seconds = 0.0
    let result = Result { () throws(RecognitionError) in
      try recognizer.predict(recording, seconds: &seconds)
    }
    try allowance.take(seconds: seconds)
    let prediction = try result.get()
    guard prediction.scores.allSatisfy({ $0.probability.isFinite }) else { throw NotFinite() }
    metrics.count(
      seconds: prediction.audio.duration, model: prediction.model.name, emotion: prediction.emotion)
    return prediction
  }

  func timeline(
    by recognizer: any SpeechRecognizing, _ options: PredictionOptions,
    _ allowance: RequestAllowance
  ) -> TimelineRun {
    TimelineRun(
      recognizer: recognizer, options: options, maximumDuration: limits.streamedSeconds,
      metrics: metrics, allowance: allowance)
  }
}

/// A request names a model that is not served.
struct UnknownModel: Error {
  /// Those that are.
  let names: [String]
}
