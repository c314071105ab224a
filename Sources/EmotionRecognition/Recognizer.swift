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
  private let decoder: AudioDecoder
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
    decoder = AudioDecoder(limits: limits)
    self.observe = observe
  }

  /// The same with another observer.
  func observed(by observe: @escaping StageObserver) -> Recognizer {
    var copy = self
    copy.observe = observe
    return copy
  }

  /// The whole way for one recording, in any format `AudioDecoder` reads.
  public func predict(_ audio: [UInt8]) throws(RecognitionError) -> Prediction {
    let decoded: DecodedAudio
    do {
      decoded = try timed(.decode) { () throws(AudioError) in try decoder.decode(audio) }
    } catch {
      throw .audio(error)
    }
    return Prediction(
      scores: try scores(of: decoded.waveform), audio: decoded.description, model: identity)
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
