package import SignalProcessing

/// `librosa.feature.spectral_contrast`
public struct ContrastConfiguration: Codable, Sendable, Equatable {
  /// Octaves above `low`; there is one band more, for what lies below.
  public var octaves = 6
  /// Hz
  public var low = 200.0
  /// Fraction of an octave's bins that count as peak, and as valley.
  public var quantile = 0.02
  /// Differences of magnitudes, not of decibels.
  public var isLinear = false

  public init(octaves: Int = 6) {
    self.octaves = octaves
  }
}

extension ContrastConfiguration: FeatureOptions {
  package static var name: String { "contrast" }
  package var bands: Int { octaves + 1 }

  package func validate(at path: String, _ input: FeatureInput) throws(FeatureError) {
    try check(octaves, in: 1...32, "\(path).octaves")
    try check(low, in: 1...Double(input.sampleRate), "\(path).low")
    try check(quantile, quantile > 0 && quantile < 1, "\(path).quantile")
    // Whether every octave has bins is for the computation itself to say.
    do { _ = try computation(input) } catch {
      throw .configuration(field: path, problem: .malformed)
    }
  }

  package func computation(_ input: FeatureInput) throws(SignalError) -> FeatureComputation {
    .ofSpectra(
      try SpectralContrast(
        sampleRate: input.sampleRate, fftSize: input.fftSize, octaves: octaves, low: low,
        quantile: quantile, isLinear: isLinear))
  }
}

extension FeatureSource {
  public static func contrast(_ options: ContrastConfiguration) -> FeatureSource {
    FeatureSource(options)
  }
}
