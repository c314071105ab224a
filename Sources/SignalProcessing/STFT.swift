/// Power spectra of the short-time Fourier transform as `librosa.stft` defines it: frame t is centred on sample t · hop, with
/// zeros around the signal.
public struct STFT: Sendable {
  /// Above this a transform is a mistake, and a prime factor would cost quadratic time.
  public static let largestSize = 65_536

  /// Points of each transform.
  public let fftSize: Int
  /// Samples from one frame to the next.
  public let hopLength: Int
  /// Whether spectra are computed in double precision, as NumPy does whatever it is given: slower, and values far below the
  /// loudest do not drown in rounding.
  public var isPrecise: Bool
  /// Samples under the window.
  private let windowLength: Int
  private let spectra: PowerSpectra<Float>
  private let preciseSpectra: PowerSpectra<Double>

  /// Bins from 0 Hz to half the sample rate, both included.
  public var binCount: Int { spectra.binCount }

  /// Defaults are librosa's: a periodic Hann window as long as the transform, moved by a quarter of its length.
  /// - Throws: `unsupportedTransformSize`; `invalidOption` for the other two.
  public init(
    fftSize: Int = 2048, windowLength: Int? = nil, hopLength: Int? = nil, window: Window = .hann,
    isPrecise: Bool = false
  ) throws(SignalError) {
    try Self.check(fftSize)
    let windowLength = windowLength ?? fftSize
    try require((1...fftSize).contains(windowLength), "windowLength", Double(windowLength))
    let hopLength = hopLength ?? windowLength / 4
    try require(hopLength > 0, "hopLength", Double(hopLength))
    self.fftSize = fftSize
    self.hopLength = hopLength
    self.isPrecise = isPrecise
    self.windowLength = windowLength
    let samples = window.preciseSamples(windowLength)
    spectra = try PowerSpectra(fftSize: fftSize, window: samples.map { Float($0) })
    preciseSpectra = try PowerSpectra(fftSize: fftSize, window: samples)
  }

  /// Whether there is a transform of that size.
  static func check(_ size: Int) throws(SignalError) {
    guard size.isMultiple(of: 2), (2...largestSize).contains(size) else {
      throw .unsupportedTransformSize(size)
    }
  }

  /// T, frames of a signal: one more than whole hops.
  public func frameCount(of sampleCount: Int) -> Int {
    sampleCount == 0 ? 0 : 1 + sampleCount / hopLength
  }

  /// The power spectrogram (T, bins).
  public func power(of samples: Span<Float>) -> Frames {
    power(of: samples, frames: 0..<frameCount(of: samples.count))
  }

  /// The power spectrogram in pieces of at most `size` frames, so that a long recording needs little memory.
  public func forEachBlock(
    of samples: Span<Float>, size: Int = 128, _ body: (_ power: Frames) -> Void
  ) {
    let count = frameCount(of: samples.count)
    for first in stride(from: 0, to: count, by: size) {
      body(power(of: samples, frames: first..<min(first + size, count)))
    }
  }

  private func power(of samples: Span<Float>, frames: Range<Int>) -> Frames {
    let margin = (fftSize - windowLength) / 2
    let first = frames.lowerBound * hopLength + margin - fftSize / 2
    return isPrecise
      ? preciseSpectra(samples, first: first, hop: hopLength, count: frames.count)
      : spectra(samples, first: first, hop: hopLength, count: frames.count)
  }
}
