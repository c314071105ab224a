public import AudioIO
import Glibc
import SignalProcessing

/// From a recording to what the network sees: the one front end of serving and training. Immutable; scratch memory
/// belongs to each call, so calls may run side by side.
public struct FrontEnd: Sendable {
  public let configuration: FrontEndConfiguration
  private let silence: Silence?
  private let level: FrameEnergy
  private let extractor: ChannelExtractor
  private let normalizer: Normalizer
  private let functionals: Functionals?

  /// To be raised when the same recording and configuration give other features than before: caches of them are then not read.
  public static let revision = 2

  /// Samples beyond this have a power that single precision can't hold.
  static let largestSample: Float = 1e9

  /// Throws `.configuration` for settings that make no sense, or whose statistics are yet to be found.
  public init(_ configuration: FrontEndConfiguration = .init()) throws(FeatureError) {
    try configuration.validate()
    guard !configuration.needsStatistics else {
      throw .configuration(field: "normalization.statistics", problem: .missing)
    }
    do {
      silence = try configuration.trim.map { trim throws(SignalError) in
        try Silence(
          decibels: trim.decibels, margin: trim.margin, frameLength: trim.frameLength,
          hopLength: trim.hopLength)
      }
      level = try FrameEnergy(
        frameLength: configuration.spectrum.windowLength, hopLength: configuration.hopLength)
      extractor = try ChannelExtractor(configuration)
    } catch {
      throw FeatureError(error)
    }
    self.configuration = configuration
    normalizer = Normalizer(configuration)
    functionals = configuration.functionals.map {
      Functionals($0, bands: configuration.bands, channels: configuration.channelCount)
    }
  }

  /// The network's input.
  public func callAsFunction(_ waveform: Waveform) throws(FeatureError) -> FeatureMap {
    networkInput(of: try extract(waveform))
  }

  /// The map before normalisation, as long as the recording: what training caches and augments.
  public func extract(_ waveform: Waveform) throws(FeatureError) -> FeatureMap {
    try checkDuration(waveform.duration)
    try checkPeak(of: waveform.samples.span)
    let resampled = try waveform.resampled(to: configuration.sampleRate)
    let samples = resampled.samples.span
    try checkLevel(of: samples)
    let sound = silence?.trimmed(samples) ?? 0..<samples.count
    try checkDuration(Double(sound.count) / Double(configuration.sampleRate))
    do {
      return try extractor(samples.extracting(sound))
    } catch {
      throw .resampling(error)
    }
  }

  /// What a network gets of an extracted map: normalised, of the configured length, or the functionals of that.
  public func networkInput(of map: FeatureMap) -> FeatureMap { described(normalized(map)) }

  /// A map normalised, of the configured length.
  func normalized(_ map: FeatureMap) -> FeatureMap {
    configuration.length.apply(to: normalizer(map))
  }

  /// The functionals of a normalised map, where the configuration asks for them; the map itself otherwise.
  func described(_ map: FeatureMap) -> FeatureMap { functionals?(map) ?? map }

  private func checkDuration(_ duration: Double) throws(FeatureError) {
    let frames = Double((extractor.leastFrames - 1) * configuration.hopLength)
    let minimum = max(configuration.minimumDuration, frames / Double(configuration.sampleRate))
    guard duration > 0 && duration >= minimum else {
      throw .tooShort(duration: duration, minimum: minimum)
    }
  }

  private func checkPeak(of samples: Span<Float>) throws(FeatureError) {
    let peak = peakMagnitude(samples)
    guard peak.isFinite else { throw .nonFiniteSamples }
    guard peak <= Self.largestSample else { throw .samplesTooLarge(peak: peak) }
  }

  private func checkLevel(of samples: Span<Float>) throws(FeatureError) {
    let floor = Float(pow(10, configuration.silenceFloor / 20))
    guard let loudest = level(samples).values.max(), loudest >= floor else { throw .silent }
  }
}

extension FeatureError {
  /// What the configuration's own checks let pass and signal processing refuses.
  fileprivate init(_ error: SignalError) {
    switch error {
    case .invalidOption(let name, let value):
      self = .configuration(field: name, problem: .outOfRange(value))
    case .unsupportedTransformSize(let size):
      self = .configuration(field: "fftSize", problem: .outOfRange(Double(size)))
    case .tooFewFrames(let found, let required):
      self = .configuration(field: "frames", problem: .mismatch(found: found, expected: required))
    case .sampleRate, .resampler: self = .resampling(error)
    }
  }
}
