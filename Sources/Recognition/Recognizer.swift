public import AudioIO
public import EmotionModel
import Features
import FileIO
import Hashing

/// Bytes of a recording in, probabilities out: decoder, front ends and networks of one weights file.
/// Constant, so any number of threads may ask it at once.
public struct Recognizer: Sendable {
  /// Larger weights files are refused unread.
  public static let modelSizeLimit = 256 << 20

  public let identity: ModelIdentity
  public let labels: [String]
  public let provenance: Provenance
  /// What the model consists of.
  public let members: [ModelCard.Member]
  private let classifier: Classifier
  private let detector: VoiceActivityDetector
  private let limits: AudioLimits
  private let decoders: DecoderPool
  private var observe: StageObserver

  /// Loads a weights file and checks that features and networks belong together.
  /// - Parameters:
  ///   - name: What answers call the model; the file's own name when left out.
  ///   - decoders: What decodes everything but plain samples.
  ///   - observe: Is told how long each step of each recording took.
  public init(
    modelAt path: String, name: String? = nil, limits: AudioLimits = .init(),
    decoders: DecoderPool = .shared,
    observe: @escaping StageObserver = { _, _ in }
  ) throws(ModelLoadError) {
    let bytes: [UInt8]
    do { bytes = try File(path).read(limit: Self.modelSizeLimit) } catch { throw .file(error) }
    let file: ModelFile
    do { file = try ModelFile(bytes: bytes) } catch { throw .model(path: path, error) }
    classifier = try Classifier(file, path: path)
    identity = ModelIdentity(name: name ?? file.name, sha256: sha256(bytes.span))
    labels = file.labels
    provenance = file.provenance
    members = file.members.map(ModelCard.Member.init)
    detector = try Self.detector(classifier.frontEnds.sampleRate, path)
    self.limits = limits
    self.decoders = decoders
    self.observe = observe
  }

  /// The same with another observer.
  func observed(by observe: @escaping StageObserver) -> Recognizer {
    var copy = self
    copy.observe = observe
    return copy
  }

  private static func detector(
    _ rate: Int, _ path: String
  ) throws(ModelLoadError) -> VoiceActivityDetector {
    do { return try VoiceActivityDetector(sampleRate: rate) } catch {
      throw .features(
        path: path, .configuration(field: "sampleRate", problem: .outOfRange(Double(rate))))
    }
  }

  /// The rate of the samples that the model takes, Hz.
  public var sampleRate: Int { classifier.frontEnds.sampleRate }

  /// Seconds of sound it needs.
  var minimumDuration: Double { classifier.frontEnds.minimumDuration }

  /// The whole way for one recording, in any format `AudioDecoder` reads.
  public func predict(_ audio: [UInt8]) throws(RecognitionError) -> Prediction {
    try predict(EncodedRecording(audio))
  }

  /// The whole way for one recording.
  public func predict(_ recording: EncodedRecording) throws(RecognitionError) -> Prediction {
    try predict(recording, channels: .mix, budget: ProcessorBudget(), perform: { $1() })[0]
  }

  /// The whole way for one recording: a prediction of each signal, never none.
  /// - Parameters:
  ///   - channels: What is heard of several.
  ///   - budget: Of the request it belongs to.
  ///   - perform: Runs what takes the processor once so many seconds of sound are decoded; nil calls it off.
  public func predict(
    _ recording: EncodedRecording, channels: ChannelSelection, budget: ProcessorBudget,
    perform: (_ seconds: Double, @escaping PredictionJob) -> PredictionResult?
  ) throws(RecognitionError) -> [Prediction] {
    let resampled = try resampled(recording, channels, budget)
    let answer = perform(resampled.waveforms.reduce(0) { $0 + $1.duration }) {
      Result { () throws(RecognitionError) in try classify(resampled, budget) }
    }
    guard let answer else { throw .calledOff }
    return try answer.get()
  }

  private func classify(
    _ recording: ResampledRecording, _ budget: ProcessorBudget
  ) throws(RecognitionError) -> [Prediction] {
    var predictions: [Prediction] = []
    for signal in recording.waveforms.indices {
      predictions.append(try classify(signal, of: recording, budget))
    }
    // One channel of several may be too soft or too short, but not all of them: the first one says why.
    if predictions.allSatisfy({ $0.scores.isEmpty }) {
      _ = try scores(of: recording.waveforms[0], budget)
    }
    return predictions
  }

  private func classify(
    _ signal: Int, of recording: ResampledRecording, _ budget: ProcessorBudget
  ) throws(RecognitionError) -> Prediction {
    let waveform = recording.waveforms[signal]
    let activity = timed(.quality) { budget.spend { detector(waveform.samples.span) } }
    // What is longer than a sentence is judged utterance by utterance, as such a timeline is.
    let summary =
      activity.extent > UtteranceCutter.longest ? try summary(of: waveform, budget) : nil
    let notes = QualityGauge(activity).notes(
      on: recording.description, clipped: recording.clippedFractions[signal],
      modelRate: sampleRate)
    let scores =
      if let scores = summary?.scores { scores } else {
        try scoresIfAudible(waveform, budget) ?? []
      }
    return Prediction(
      scores: scores, audio: recording.description, model: identity,
      quality: notes + (summary?.isMixed == true ? [.mixed] : []))
  }

  private func summary(
    of waveform: Waveform, _ budget: ProcessorBudget
  ) throws(RecognitionError) -> TimelineSummary {
    var summary = TimelineSummary()
    var cutter = UtteranceCutter(detector, of: 0, sampleRate: waveform.sampleRate)
    cutter.append(waveform.samples)
    while let utterance = timed(.quality, { budget.spend { cutter.cut(isOver: true) } }) {
      summary.add(try classify(utterance, budget: budget))
    }
    return summary
  }

  /// A recording's signals at the model's rate, and what is lost by that.
  private struct ResampledRecording {
    let waveforms: [Waveform]
    let description: AudioDescription
    let clippedFractions: [Double]
  }

  private func resampled(
    _ recording: EncodedRecording, _ channels: ChannelSelection, _ budget: ProcessorBudget
  ) throws(RecognitionError) -> ResampledRecording {
    try timed(.decode) { () throws(RecognitionError) in
      try budget.spend { () throws(RecognitionError) in
        try resampled(
          recording, channels,
          DecodingContext(limits: limits, decoders: decoders, budget: budget))
      }
    }
  }

  /// Of a large recording only the sound at the model's rate is held beside its bytes.
  private func resampled(
    _ recording: EncodedRecording, _ channels: ChannelSelection, _ context: DecodingContext
  ) throws(RecognitionError) -> ResampledRecording {
    guard recording.source.count > 0 else { throw .audio(.empty) }
    var stream = try ResampledStream(
      recording.source, as: recording.raw, channels, sampleRate: sampleRate, context)
    var samples = [[Float]](repeating: [], count: stream.signalCount)
    do {
      while try stream.read(into: &samples) { try context.budget.check() }
    } catch {
      throw .audio(error)
    }
    return ResampledRecording(
      waveforms: samples.map { Waveform(samples: $0, sampleRate: sampleRate) },
      description: stream.description, clippedFractions: stream.clippedFractions)
  }

  /// Begins to read a recording that may be long, or still be on its way.
  /// - Parameters:
  ///   - channels: What is heard of several.
  ///   - maximumDuration: Seconds of all signals together.
  ///   - budget: Of the request it belongs to.
  public func windows(
    of source: some ByteSource, as raw: RawPCM?, channels: ChannelSelection = .mix,
    by segmentation: Segmentation = .windows(WindowPlan()), maximumDuration: Double,
    budget: ProcessorBudget = ProcessorBudget()
  ) throws(RecognitionError) -> WindowReader {
    var limits = self.limits
    limits.maximumDuration = maximumDuration
    return try WindowReader(
      source, as: raw, channels: channels, by: segmentation, sampleRate: sampleRate, limits: limits,
      decoders: decoders, budget: budget)
  }

  /// Classifies one window, if somebody speaks in it.
  /// - Parameter budget: Of the request it belongs to.
  public func classify(
    _ window: RecordingWindow, budget: ProcessorBudget = ProcessorBudget()
  ) throws(RecognitionError) -> TimelineEntry {
    do { try budget.check() } catch { throw .audio(error) }
    let activity = timed(.quality) {
      budget.spend { detector(window.waveform.samples.span) }
    }
    return TimelineEntry(
      start: window.start, end: window.start + window.waveform.duration, activity: activity,
      scores: activity.isSpeech
        ? try scoresIfAudible(window.waveform.without(activity.pauses), budget) : nil)
  }

  /// - Returns: nil for what is too short or too soft to have features.
  private func scoresIfAudible(
    _ waveform: Waveform, _ budget: ProcessorBudget
  ) throws(RecognitionError) -> [Score]? {
    do { return try scores(of: waveform, budget) } catch {
      switch error {
      case .features(.tooShort), .features(.silent): return nil
      default: throw error
      }
    }
  }

  /// The probabilities of a decoded recording, in the order of `labels`.
  public func scores(
    of waveform: Waveform, _ budget: ProcessorBudget = ProcessorBudget()
  ) throws(RecognitionError) -> [Score] {
    do { try budget.check() } catch { throw .audio(error) }
    let maps: [FeatureMap]
    do {
      maps = try timed(.features) { () throws(FeatureError) in
        try budget.spend { () throws(FeatureError) in try classifier.features(of: waveform) }
      }
    } catch {
      throw .features(error)
    }
    let probabilities = timed(.network) { budget.spend { classifier.probabilities(of: maps) } }
    return zip(labels, probabilities).map(Score.init)
  }

  private func timed<Result, Failure: Error>(
    _ stage: RecognitionStage, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let began = ContinuousClock.now
    defer { observe(stage, began.duration(to: .now)) }
    return try body()
  }
}

extension Waveform {
  /// - Parameter pauses: Of its samples, in their order.
  fileprivate func without(_ pauses: [Range<Int>]) -> Waveform {
    var copy = self
    for pause in pauses.reversed() { copy.samples.removeSubrange(pause) }
    return copy
  }
}

/// The steps from bytes to probabilities, as a service measures them.
public enum RecognitionStage: String, Sendable, CaseIterable {
  case decode, features, network, quality
}

/// Is told how long a step took; called on the thread that took it, so it must be quick.
public typealias StageObserver = @Sendable (RecognitionStage, Duration) -> Void

/// The part of recognising a recording that takes the processor in one go, once the recording is decoded.
public typealias PredictionJob = @Sendable () -> PredictionResult

/// A prediction of each signal.
public typealias PredictionResult = Result<[Prediction], RecognitionError>
