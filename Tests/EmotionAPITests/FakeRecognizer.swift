import AudioIO
import EmotionAPI
import EmotionRecognition

/// Answers by the bytes it gets: `error: …` names nothing, but each case below has its word.
struct FakeRecognizer: SpeechRecognizing {
  var failures: [String: RecognitionError] = [:]
  var before: @Sendable () -> Void = {}
  var identity = ModelIdentity(name: "fake", sha256: String(repeating: "0", count: 64))

  func predict(_ audio: [UInt8]) throws(RecognitionError) -> Prediction {
    before()
    if let failure = failures[String(decoding: audio, as: UTF8.self)] { throw failure }
    return Prediction(
      scores: [
        Score(label: "neutral", probability: 0.25), Score(label: "angry", probability: 0.5),
        Score(label: "calm", probability: 0.25),
      ],
      audio: AudioDescription(
        format: "WAV/PCM_16", sampleRate: 48_000, channels: 1, frames: audio.count),
      model: identity)
  }
}

extension EmotionService {
  /// A service of one model.
  init(recognizer: any SpeechRecognizing, bodyLimit: Int = Self.defaultBodyLimit) {
    guard let models = try? ModelSet([recognizer]) else {
      preconditionFailure("one model has no namesake")
    }
    self.init(
      models: Replaceable(models), metrics: ServiceMetrics(version: "0"), bodyLimit: bodyLimit)
  }
}
