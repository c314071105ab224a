package import SignalProcessing

/// `librosa.feature.mfcc`
public struct MFCCConfiguration: Codable, Sendable, Equatable {
  public var coefficients = 40
  /// librosa's bands: 128, from 0 Hz to half the sample rate.
  public var mel = MelConfiguration(bands: 128, low: 0, high: nil)
  /// 0: none.
  public var lifter = 0.0
  /// Power that smaller ones count as.
  public var floor = 1e-10
  /// dB below the loudest value; librosa's default.
  public var range: Double? = 80

  public init(coefficients: Int = 40) {
    self.coefficients = coefficients
  }
}

extension MFCCConfiguration: FeatureOptions {
  package static var name: String { "mfcc" }
  package var bands: Int { coefficients }

  package func validate(at path: String, _ input: FeatureInput) throws(FeatureError) {
    try mel.validate(at: "\(path).mel", input)
    try checkDecibels(floor: floor, range: range, path)
    try check(coefficients, in: 1...mel.bands, "\(path).coefficients")
    try check(lifter, in: 0...1000, "\(path).lifter")
  }

  package func computation(_ input: FeatureInput) throws(SignalError) -> FeatureComputation {
    .ofSpectra(
      try MFCC(
        bank: mel.bank(input), coefficients: coefficients, lifter: lifter,
        decibels: Decibels(floor: floor, range: range)))
  }
}

extension FeatureSource {
  public static func mfcc(_ options: MFCCConfiguration) -> FeatureSource { FeatureSource(options) }
}
