public import SignalProcessing

/// `librosa.feature.melspectrogram`
public struct MelConfiguration: Codable, Sendable, Equatable {
  public var bands: Int
  /// Hz
  public var low: Double
  /// Hz; half the sample rate when absent.
  public var high: Double?
  public var scale = MelScale.slaney
  public var norm = MelBank.Norm.slaney

  public init(bands: Int = 80, low: Double = 20, high: Double? = 8000) {
    self.bands = bands
    self.low = low
    self.high = high
  }

  /// The filters that make the bands.
  func bank(_ input: FeatureInput) throws(SignalError) -> MelBank {
    try MelBank(
      sampleRate: input.sampleRate, fftSize: input.fftSize, bandCount: bands, low: low, high: high,
      scale: scale, norm: norm)
  }
}

extension MelConfiguration: FeatureOptions {
  package static var name: String { "mel" }
  package var isSpectrum: Bool { true }

  package func validate(at path: String, _ input: FeatureInput) throws(FeatureError) {
    let nyquist = Double(input.sampleRate) / 2
    try check(bands, in: 1...input.bins, "\(path).bands")
    try check(low, low >= 0 && low < (high ?? nyquist), "\(path).low")
    if let high { try check(high, in: 0...nyquist, "\(path).high") }
  }

  package func computation(_ input: FeatureInput) throws(SignalError) -> FeatureComputation {
    .ofSpectra(try bank(input))
  }
}

extension FeatureSource {
  public static func mel(_ options: MelConfiguration) -> FeatureSource { FeatureSource(options) }
}
