/// Numbers computed from power spectra in two steps, so that a long recording's spectra never exist all at once.
public protocol SpectralFeature: Sendable {
  /// N, numbers of a frame in the end.
  var width: Int { get }
  /// Whether rounding of single precision in the spectrum would show.
  var needsPreciseSpectrum: Bool { get }
  /// One row for each power spectrum (T, bins); rows depend on nothing but their own spectrum.
  func rows(_ power: Frames) -> Frames
  /// The feature (T, N), from the rows of all frames.
  func finish(_ rows: consuming Frames) -> Frames
}

/// Numbers computed from the samples themselves.
public protocol SampleFeature: Sendable {
  /// The feature (T, N).
  func callAsFunction(_ samples: Span<Float>) -> Frames
}

extension SpectralFeature {
  public var needsPreciseSpectrum: Bool { false }
  public func finish(_ rows: consuming Frames) -> Frames { rows }

  /// The feature of a whole power spectrogram.
  public func callAsFunction(_ power: Frames) -> Frames { finish(rows(power)) }
}

extension MelBank: SpectralFeature {
  public var width: Int { bandCount }
  public func rows(_ power: Frames) -> Frames { self(power) }
}
