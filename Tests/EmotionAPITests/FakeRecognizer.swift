import AudioIO
import EmotionAPI
import Recognition

/// Answers by the bytes it gets: `failures` names those that fail, and in "a dial tone" nobody speaks. Its windows are real ones; how loud they are decides.
struct FakeRecognizer: SpeechRecognizing {
  var failures: [String: RecognitionError] = [:]
  var identity = ModelIdentity(name: "fake", sha256: String(repeating: "0", count: 64))
  var probability: Float = 0.5
  var card: ModelCard {
    ModelCard(
      identity: identity,
      labels: ["neutral", "angry", "calm"],
      members: [.init(name: "main", weight: 0.3, parameterCount: 7, features: #"{"hop":160}"#)],
      sampleRate: 16_000, minimumDuration: 0.25)
  }

  func predict(
    _ recording: EncodedRecording, channels: ChannelSelection, budget: ProcessorBudget,
    perform: (_ seconds: Double, @escaping PredictionJob) -> PredictionResult?
  ) throws(RecognitionError) -> [Prediction] {
    budget.add(seconds: Double(recording.source.count) / 48_000)
    let text = String(decoding: recording.bytes, as: UTF8.self)
    if let failure = failures[text] { throw failure }
    let flaws: [QualityNote] = recording.source.count < 5 ? [.short, .noisy] : []
    let prediction = Prediction(
      scores: scores(angry: probability),
      audio: AudioDescription(
        format: recording.raw == nil ? "WAV/PCM_16" : "RAW",
        sampleRate: recording.raw?.sampleRate ?? 48_000, channels: 1,
        frames: recording.source.count),
      model: identity, quality: text == "a dial tone" ? [.noSpeech] : flaws)
    return [Prediction](repeating: prediction, count: channels == .each ? 2 : 1)
  }

  private func scores(angry: Float) -> [Score] {
    [
      Score(label: "neutral", probability: (1 - angry) / 2),
      Score(label: "angry", probability: angry),
      Score(label: "calm", probability: (1 - angry) / 2),
    ]
  }

  func windows(
    of source: some ByteSource, as raw: RawPCM?, channels: ChannelSelection,
    by segmentation: Segmentation,
    maximumDuration: Double, budget: ProcessorBudget
  ) throws(RecognitionError) -> WindowReader {
    try WindowReader(
      source, as: raw, channels: channels, by: segmentation, sampleRate: 16_000,
      limits: AudioLimits(maximumDuration: maximumDuration), budget: budget)
  }

  func classify(
    _ window: RecordingWindow, budget: ProcessorBudget
  ) throws(RecognitionError) -> TimelineEntry {
    let duration = window.waveform.duration
    let loudest = window.waveform.samples.map(\.magnitude).max() ?? 0
    return TimelineEntry(
      start: window.start, end: window.start + duration,
      activity: VoiceActivity(
        duration: duration, voiced: duration, speech: duration, levelDeviation: 1,
        speechToNoise: 20),
      scores: loudest > 0 ? scores(angry: loudest) : nil)
  }
}

extension EncodedRecording {
  /// Read at once.
  var bytes: [UInt8] {
    var source = self.source
    var bytes = [UInt8](repeating: 0, count: source.count)
    var span = bytes.mutableSpan
    precondition(source.read(at: 0, into: &span) == source.count, "less than it says")
    return bytes
  }
}

extension EmotionService {
  /// A service of one model.
  init(recognizer: any SpeechRecognizing, limits: ServiceLimits = .init()) {
    guard let models = try? ModelSet([recognizer]) else {
      preconditionFailure("one model has no namesake")
    }
    self.init(models: Reloadable(models), metrics: ServiceMetrics(version: "0"), limits: limits)
  }
}
