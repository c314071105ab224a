package import SignalProcessing

/// `librosa.power_to_db(librosa.feature.melspectrogram(…))`
public struct LogMelConfiguration: Codable, Sendable, Equatable {
  public var mel = MelConfiguration()
  /// Power that smaller ones count as.
  public var floor = 1e-10
  /// Limits how far below the loudest value others lie, in dB; librosa's 80 would tie quiet parts to the loudest.
  public var range: Double?

  public init(mel: MelConfiguration = .init()) {
    self.mel = mel
  }
}

extension LogMelConfiguration: FeatureOptions {
  package static var name: String { "logMel" }
  package var bands: Int { mel.bands }
  package var isSpectrum: Bool { true }

  package func validate(at path: String, _ input: FeatureInput) throws(FeatureError) {
    try mel.validate(at: "\(path).mel", input)
    try checkDecibels(floor: floor, range: range, path)
  }

  package func computation(_ input: FeatureInput) throws(SignalError) -> FeatureComputation {
    .ofSpectra(
      LogMel(bank: try mel.bank(input), decibels: Decibels(floor: floor, range: range)))
  }
}

extension FeatureSource {
  public static func logMel(_ options: LogMelConfiguration) -> FeatureSource {
    FeatureSource(options)
  }
}
