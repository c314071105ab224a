package import SignalProcessing

/// `librosa.feature.spectral_centroid`, Hz
struct CentroidConfiguration: FeatureOptions {
  static var name: String { "centroid" }

  func computation(_ input: FeatureInput) throws(SignalError) -> FeatureComputation {
    try .shape(.centroid, input)
  }
}

/// `librosa.feature.spectral_bandwidth`, Hz
struct BandwidthConfiguration: FeatureOptions {
  static var name: String { "bandwidth" }

  func computation(_ input: FeatureInput) throws(SignalError) -> FeatureComputation {
    try .shape(.bandwidth, input)
  }
}

/// `librosa.feature.spectral_flatness`
struct FlatnessConfiguration: FeatureOptions {
  static var name: String { "flatness" }

  func computation(_ input: FeatureInput) throws(SignalError) -> FeatureComputation {
    try .shape(.flatness, input)
  }
}

/// `librosa.feature.spectral_rolloff`, Hz
public struct RolloffConfiguration: Codable, Sendable, Equatable {
  /// Fraction of the magnitude that lies below.
  public var fraction = 0.85

  public init(fraction: Double = 0.85) {
    self.fraction = fraction
  }
}

extension RolloffConfiguration: FeatureOptions {
  package static var name: String { "rolloff" }

  package func validate(at path: String, _ input: FeatureInput) throws(FeatureError) {
    try check(fraction, fraction > 0 && fraction < 1, "\(path).fraction")
  }

  package func computation(_ input: FeatureInput) throws(SignalError) -> FeatureComputation {
    try .shape(.rolloff(fraction: fraction), input)
  }
}

extension FeatureSource {
  public static let centroid = FeatureSource(CentroidConfiguration())
  public static let bandwidth = FeatureSource(BandwidthConfiguration())
  public static let flatness = FeatureSource(FlatnessConfiguration())
  public static func rolloff(_ options: RolloffConfiguration) -> FeatureSource {
    FeatureSource(options)
  }
}

extension FeatureComputation {
  fileprivate static func shape(
    _ measure: SpectralShape.Measure, _ input: FeatureInput
  ) throws(SignalError) -> FeatureComputation {
    .ofSpectra(
      try SpectralShape(measure, sampleRate: input.sampleRate, fftSize: input.fftSize))
  }
}
