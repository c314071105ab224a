/// The short-time Fourier transform as `librosa.stft` defines it; padding is with zeros.
public struct STFT: Sendable {
  /// Points of each transform.
  public let fftSize: Int
  /// Samples from one frame to the next.
  public let hopLength: Int
  /// Frame t is centred on sample t · hop, with zeros around the signal; otherwise it begins there.
  public let isCentered: Bool
  /// Whether power spectra are computed in double precision, which is slower and keeps values far
  /// below the loudest from drowning in rounding.
  public var isPrecise: Bool
  /// The window's samples; it sits in the middle of the `fftSize` points.
  let window: [Float]
  let preciseWindow: [Double]
  /// For sizes that several frames can share a transform of.
  private let spectra: PowerSpectra<Float>?
  private let preciseSpectra: PowerSpectra<Double>?

  /// Bins from 0 Hz to half the sample rate, both included.
  public var binCount: Int { fftSize / 2 + 1 }

  /// Defaults are librosa's: a periodic Hann window as long as the transform, moved by a quarter of its length.
  public init(
    fftSize: Int = 2048, windowLength: Int? = nil, hopLength: Int? = nil, window: Window = .hann,
    isCentered: Bool = true, isPrecise: Bool = false
  ) throws(SignalError) {
    try RealFFT.check(fftSize)
    let windowLength = windowLength ?? fftSize
    try require((1...fftSize).contains(windowLength), "windowLength", Double(windowLength))
    let hopLength = hopLength ?? windowLength / 4
    try require(hopLength > 0, "hopLength", Double(hopLength))
    self.fftSize = fftSize
    self.hopLength = hopLength
    self.isCentered = isCentered
    self.isPrecise = isPrecise
    preciseWindow = window.preciseSamples(windowLength)
    self.window = preciseWindow.map { Float($0) }
    spectra = PowerSpectra(fftSize: fftSize)
    preciseSpectra = PowerSpectra(fftSize: fftSize)
  }

  /// T, frames of a signal. A centred transform has one frame more than whole hops; otherwise none overhangs.
  public func frameCount(of sampleCount: Int) -> Int {
    let overhang = isCentered ? 0 : fftSize
    return sampleCount < overhang || sampleCount == 0 ? 0 : 1 + (sampleCount - overhang) / hopLength
  }

  /// The complex spectrogram (T, 2 · bins), real and imaginary parts interleaved.
  public func callAsFunction(_ samples: Span<Float>) -> Frames {
    var result = Frames(zeros: frameCount(of: samples.count), width: 2 * binCount)
    var rows = result.values.mutableSpan
    transform(samples, frames: 0..<frameCount(of: samples.count)) { t, spectrum in
      for k in 0..<spectrum.count { rows[t * spectrum.count + k] = spectrum[k] }
    }
    return result
  }

  /// The power spectrogram (T, bins).
  public func power(of samples: Span<Float>) -> Frames {
    power(of: samples, frames: 0..<frameCount(of: samples.count))
  }

  /// The magnitude spectrogram (T, bins).
  public func magnitude(of samples: Span<Float>) -> Frames {
    var result = power(of: samples)
    for i in result.values.indices { result.values[i] = result.values[i].squareRoot() }
    return result
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
    if isPrecise {
      return power(of: samples, frames: frames, preciseSpectra, window: preciseWindow)
        ?? precisePower(of: samples, frames: frames)
    }
    return power(of: samples, frames: frames, spectra, window: window)
      ?? plainPower(of: samples, frames: frames)
  }

  /// Nil for sizes of which each frame has its own transform.
  private func power<Real>(
    of samples: Span<Float>, frames: Range<Int>, _ spectra: PowerSpectra<Real>?, window: [Real]
  ) -> Frames? {
    guard let spectra else { return nil }
    var result = Frames(zeros: frames.count, width: binCount)
    var rows = result.values.mutableSpan
    let margin = (fftSize - window.count) / 2
    spectra(
      samples, first: frames.lowerBound * hopLength + margin - (isCentered ? fftSize / 2 : 0),
      hop: hopLength, count: frames.count, window: window.span, into: &rows)
    return result
  }

  private func plainPower(of samples: Span<Float>, frames: Range<Int>) -> Frames {
    var result = Frames(zeros: frames.count, width: binCount)
    var rows = result.values.mutableSpan
    transform(samples, frames: frames) { t, spectrum in
      let row = (t - frames.lowerBound) * binCount
      SignalProcessing.power(of: spectrum, into: &rows, at: row)
    }
    return result
  }

  private func transform(
    _ samples: Span<Float>, frames: Range<Int>, _ body: (_ t: Int, _ spectrum: Span<Float>) -> Void
  ) {
    guard var fft = try? RealFFT(size: fftSize) else { preconditionFailure("out of memory") }
    var frame = [Float](repeating: 0, count: fftSize)
    var spectrum = [Float](repeating: 0, count: 2 * binCount)
    for t in frames {
      var points = frame.mutableSpan
      cut(samples, frame: t, into: &points)
      var bins = spectrum.mutableSpan
      fft.transform(frame.span, into: &bins)
      body(t, spectrum.span)
    }
  }

  /// Windows frame t; what lies outside the signal is zero.
  private func cut(_ samples: Span<Float>, frame t: Int, into points: inout MutableSpan<Float>) {
    let margin = (fftSize - window.count) / 2
    let start = t * hopLength + margin - (isCentered ? fftSize / 2 : 0)
    let inside = max(start, 0)..<max(max(start, 0), min(start + window.count, samples.count))
    if inside.count < window.count { points.update(repeating: 0) }
    guard !inside.isEmpty else { return }
    let shift = margin - start
    let taper = window.span.extracting(inside.lowerBound - start..<inside.upperBound - start)
    multiply(samples.extracting(inside), taper, into: &points, at: inside.lowerBound + shift)
  }
}
