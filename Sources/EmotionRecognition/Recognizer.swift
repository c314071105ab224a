public import AudioIO
public import EmotionFeatures
public import EmotionModel
import FileIO
import FoundationEssentials
import Hashing
import LinearAlgebra

/// Bytes of a recording in, probabilities out: decoder, front end and network of one weights file.
/// Constant, so any number of threads may ask it at once.
public struct Recognizer: Sendable {
  /// Larger weights files are refused unread.
  public static let modelSizeLimit = 256 << 20

  public let identity: ModelIdentity
  public let labels: [String]
  public let frontEnd: FrontEnd
  public let provenance: Provenance
  /// Parameters of the network as trained.
  public let parameterCount: Int
  private let network: Network
  private let weights: Weights
  private let temperature: Float
  private let meter: SoundMeter
  private let limits: AudioLimits
  private var observe: StageObserver

  /// Loads a weights file and checks that its features and its network belong together.
  /// - Parameters:
  ///   - name: What answers call the model; the file's own name when left out.
  ///   - observe: Is told how long each step of each recording took.
  public init(
    modelAt path: String, name: String? = nil, limits: AudioLimits = .init(),
    observe: @escaping StageObserver = { _, _ in }
  ) throws(ModelLoadError) {
    let bytes: [UInt8]
    do { bytes = try File(path).read(limit: Self.modelSizeLimit) } catch { throw .file(error) }
    let file: ModelFile
    do { file = try ModelFile(bytes: bytes) } catch { throw .model(path: path, error) }
    do {
      frontEnd = try FrontEnd(FrontEndConfiguration(json: Data(file.features.utf8)))
    } catch {
      throw .features(path: path, error)
    }
    let shape = [frontEnd.configuration.bands, frontEnd.configuration.channels]
    let taken = [file.network.spec.bands, file.network.spec.channels]
    guard shape == taken else {
      throw .model(path: path, .model(.inputMismatch(expected: taken, found: shape)))
    }
    identity = ModelIdentity(name: name ?? file.name, sha256: sha256(bytes.span))
    labels = file.labels
    provenance = file.provenance
    parameterCount = file.weights.parameters.count
    temperature = file.calibration.temperature
    (network, weights) = file.network.folded(file.weights)
    meter = try Self.meter(frontEnd.configuration.sampleRate, path)
    self.limits = limits
    self.observe = observe
  }

  /// The same with another observer.
  func observed(by observe: @escaping StageObserver) -> Recognizer {
    var copy = self
    copy.observe = observe
    return copy
  }

  private static func meter(_ rate: Int, _ path: String) throws(ModelLoadError) -> SoundMeter {
    do { return try SoundMeter(sampleRate: rate) } catch {
      throw .features(
        path: path, .configuration(field: "sampleRate", problem: .outOfRange(Double(rate))))
    }
  }

  /// The rate the model listens at, Hz.
  public var sampleRate: Int { frontEnd.configuration.sampleRate }

  /// The whole way for one recording, in any format `AudioDecoder` reads.
  public func predict(_ audio: [UInt8]) throws(RecognitionError) -> Prediction {
    try predict(EncodedRecording(audio))
  }

  /// The whole way for one recording.
  public func predict(_ recording: EncodedRecording) throws(RecognitionError) -> Prediction {
    var seconds = 0.0
    return try predict(recording, seconds: &seconds)
  }

  /// The same, for who counts what was worked on.
  /// - Parameter seconds: Is set to the sound that was decoded, also where an error follows.
  public func predict(
    _ recording: EncodedRecording, seconds: inout Double
  ) throws(RecognitionError) -> Prediction {
    let heard: Heard
    do {
      heard = try timed(.decode) { () throws(AudioError) in
        try listen(to: recording, seconds: &seconds)
      }
    } catch {
      throw .audio(error)
    }
    let scores = try scores(of: heard.waveform)
    let quality = QualityGauge(meter(heard.waveform.samples.span)).notes(
      on: heard.description, clipped: heard.clippedShare, modelRate: sampleRate)
    return Prediction(
      scores: scores, audio: heard.description, model: identity, quality: quality)
  }

  /// A recording at the model's rate, and what is lost by that.
  private struct Heard {
    let waveform: Waveform
    let description: AudioDescription
    let clippedShare: Double
  }

  /// Of a large recording only the sound at the model's rate is held beside its bytes.
  private func listen(
    to recording: EncodedRecording, seconds: inout Double
  ) throws(AudioError) -> Heard {
    guard recording.source.count > 0 else { throw .empty }
    var stream = try ListeningStream(
      recording.source, as: recording.raw, sampleRate: sampleRate, limits: limits)
    var samples: [Float] = []
    defer { seconds = stream.description.duration }
    while try stream.read(into: &samples) {}
    return Heard(
      waveform: Waveform(samples: samples, sampleRate: sampleRate),
      description: stream.description, clippedShare: stream.clipping.share)
  }

  /// Begins to read a recording that may be long, or still be on its way.
  /// - Parameter maximumDuration: Seconds.
  public func windows(
    of source: some ByteSource, as raw: RawPCM?, plan: WindowPlan, maximumDuration: Double
  ) throws(RecognitionError) -> WindowReader {
    var limits = self.limits
    limits.maximumDuration = maximumDuration
    do {
      return try WindowReader(source, as: raw, plan: plan, sampleRate: sampleRate, limits: limits)
    } catch {
      throw .audio(error)
    }
  }

  /// Judges one window, if somebody speaks in it.
  public func judge(_ window: RecordingWindow) throws(RecognitionError) -> TimelineEntry {
    let sound = meter(window.waveform.samples.span)
    return TimelineEntry(
      start: window.start, end: window.start + window.waveform.duration, sound: sound,
      scores: sound.isSpeech ? try scoresIfAudible(window.waveform) : nil)
  }

  /// - Returns: nil for what is too short or too soft to have features.
  private func scoresIfAudible(_ waveform: Waveform) throws(RecognitionError) -> [Score]? {
    do { return try scores(of: waveform) } catch {
      switch error {
      case .features(.tooShort), .features(.silent): return nil
      default: throw error
      }
    }
  }

  /// The probabilities of a decoded recording, in the order of `labels`.
  public func scores(of waveform: Waveform) throws(RecognitionError) -> [Score] {
    let map: FeatureMap
    do {
      map = try timed(.features) { () throws(FeatureError) in try frontEnd(waveform) }
    } catch {
      throw .features(error)
    }
    guard network.outputFrames(map.frames) > 0 else {
      let frame = frontEnd.configuration.frameDuration
      throw .features(
        .tooShort(
          duration: waveform.duration, minimum: Double(network.minimumFrames) * frame))
    }
    return zip(labels, timed(.network) { probabilities(of: map) }).map(Score.init)
  }

  private func timed<Result, Failure: Error>(
    _ stage: RecognitionStage, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let began = ContinuousClock.now
    defer { observe(stage, began.duration(to: .now)) }
    return try body()
  }

  private func probabilities(of map: FeatureMap) -> [Float] {
    let batch = Batch(
      lengths: [map.frames], bands: map.bands, channels: map.channels, values: map.values)
    var logits = network.logits(batch, weights).values
    for i in logits.indices { logits[i] /= temperature }
    logits.updateAll { softmax(&$0) }
    return logits
  }
}
