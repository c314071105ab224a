package import SignalProcessing

/// `librosa.feature.chroma_stft`
public struct ChromaConfiguration: Codable, Sendable, Equatable {
  /// Pitch classes in an octave.
  public var classes = 12
  /// Deviation from A440 in fractions of a class; estimated from the recording when absent, librosa's default.
  public var tuning: Double?

  public init(classes: Int = 12, tuning: Double? = nil) {
    self.classes = classes
    self.tuning = tuning
  }
}

extension ChromaConfiguration: FeatureOptions {
  package static var name: String { "chroma" }
  package var bands: Int { classes }

  package func validate(at path: String, _ input: FeatureInput) throws(FeatureError) {
    try check(classes, in: 1...120, "\(path).classes")
    try check(tuning ?? 0, in: -1...1, "\(path).tuning")
    try check(input.bins, input.bins >= 3, path)
  }

  package func computation(_ input: FeatureInput) throws(SignalError) -> FeatureComputation {
    .ofSpectra(
      try Chroma(
        sampleRate: input.sampleRate, fftSize: input.fftSize, classes: classes,
        tuning: tuning.map { .fixed($0) } ?? .estimated))
  }
}

extension FeatureSource {
  public static func chroma(_ options: ChromaConfiguration) -> FeatureSource {
    FeatureSource(options)
  }
}
