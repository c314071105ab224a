import Glibc

/// How periodic a signal is from frame to frame, and how loud: voiced speech is both, noise is not.
///
/// The periodicity is the highest peak of the autocorrelation among the lags of a voice's pitch, of frames under a Hann
/// window and divided by the window's own autocorrelation (Boersma 1993, eq. 9). No frame overhangs the signal. It is taken of
/// the signal's averages over about a 4000th of a second: pitch lies far below, and a tenth of the work is left.
public struct Periodicity: Sendable {
  public struct Frame: Sendable, Equatable {
    /// dB of full scale; at least -120.
    public let level: Float
    /// 1 for a periodic frame, near 0 for noise.
    public let periodicity: Float
  }

  /// Samples in a frame.
  public let frameLength: Int
  /// Samples from one frame to the next.
  public let hopLength: Int
  /// Samples that are averaged into one.
  private let factor: Int
  /// Averaged samples.
  private let lags: ClosedRange<Int>
  private let fftSize: Int
  private let spectra: PowerSpectra
  private let window: [Float]
  /// The window's autocorrelation over that at lag 0, for each of `lags`.
  private let windowCorrelation: [Float]

  /// - Parameters:
  ///   - sampleRate: Hz
  ///   - frameDuration: s; three periods of the lowest pitch.
  ///   - hopDuration: s
  ///   - pitch: Hz
  public init(
    sampleRate: Int, frameDuration: Double = 0.04, hopDuration: Double = 0.02,
    pitch: ClosedRange<Double> = 70...400
  ) throws(SignalError) {
    try require(pitch.lowerBound > 0, "pitch", pitch.lowerBound)
    factor = max(1, sampleRate / 4000)
    let rate = Double(sampleRate) / Double(factor)
    let (length, hop) = (Int(frameDuration * rate), Int(hopDuration * rate))
    frameLength = length * factor
    hopLength = hop * factor
    try require(hop > 0, "hopDuration", hopDuration)
    let (shortest, longest) = (Int(rate / pitch.upperBound), Int(rate / pitch.lowerBound))
    try require(shortest > 0 && longest < length, "frameDuration", frameDuration)
    lags = shortest...longest
    var size = 4
    while size < length + longest + 1 { size *= 2 }
    fftSize = size
    guard let spectra = PowerSpectra(fftSize: size) else {
      throw .unsupportedTransformSize(size)
    }
    self.spectra = spectra
    let window = Window.hann.samples(length)
    let energy = window.reduce(0) { $0 + $1 * $1 }
    windowCorrelation = lags.map { lag in
      (0..<length - lag).reduce(0) { $0 + window[$1] * window[$1 + lag] } / energy
    }
    self.window = window
  }

  public func callAsFunction(_ samples: Span<Float>) -> [Frame] {
    guard samples.count >= frameLength else { return [] }
    let count = 1 + (samples.count - frameLength) / hopLength
    let averages = averaged(samples)
    let correlations = autocorrelations(of: averages, count: count)
    return (0..<count).map { t in
      let frame = samples.extracting(t * hopLength..<t * hopLength + frameLength)
      let first = t * hopLength / factor
      let mean = averages[first..<first + window.count].reduce(0, +) / Float(window.count)
      let power = max(energy(frame) / Float(frameLength) - mean * mean, 0)
      let row = t * (fftSize / 2 + 1)
      return Frame(
        level: 10 * log10(power + 1e-12), periodicity: peak(of: correlations, at: row))
    }
  }

  private func averaged(_ samples: Span<Float>) -> [Float] {
    let scale = 1 / Float(factor)
    return (0..<samples.count / factor).map { place in
      var sum: Float = 0
      for i in place * factor..<(place + 1) * factor { sum += samples[i] }
      return sum * scale
    }
  }

  /// Rows of one number for each lag (filled at 0 and at `lags`) up to half the transform's size: the transform of the power spectrum, which is real and
  /// even (Wiener and Khinchin).
  private func autocorrelations(of samples: [Float], count: Int) -> [Float] {
    let (bins, hop) = (fftSize / 2 + 1, hopLength / factor)
    // A constant is no pitch.
    let mean = samples.reduce(0, +) / Float(samples.count)
    let centered = samples.map { $0 - mean }
    var rows = [Float](repeating: 0, count: count * bins)
    fill(&rows, with: centered, first: 0, hop: hop, count, window)
    var spectra = [Float](repeating: 0, count: count * fftSize)
    var sums = [Float](repeating: 0, count: count)
    for t in 0..<count {
      for k in 0..<bins { spectra[t * fftSize + k] = rows[t * bins + k] }
      for k in bins..<fftSize { spectra[t * fftSize + k] = rows[t * bins + fftSize - k] }
      for k in t * fftSize..<(t + 1) * fftSize { sums[t] += spectra[k] }
      // Raises every lag by the largest there is, so that none is negative and its square tells it.
      spectra[t * fftSize] += sums[t]
    }
    fill(
      &rows, with: spectra, first: 0, hop: fftSize, count, .init(repeating: 1, count: fftSize))
    // Lag 0 and those of a pitch are all that is asked for.
    for t in 0..<count {
      for lag in [0] + lags { rows[t * bins + lag] = rows[t * bins + lag].squareRoot() - sums[t] }
    }
    return rows
  }

  private func fill(
    _ rows: inout [Float], with samples: [Float], first: Int, hop: Int, _ count: Int,
    _ window: [Float]
  ) {
    var target = rows.mutableSpan
    spectra(
      samples.span, first: first, hop: hop, count: count, window: window.span, into: &target)
  }

  /// A correlation that only falls from lag 0 on has no peak.
  private func peak(of correlations: [Float], at row: Int) -> Float {
    guard correlations[row] > 0 else { return 0 }
    var (best, place) = (-Float.infinity, 0)
    for (i, lag) in lags.enumerated() {
      let value = correlations[row + lag] / (correlations[row] * windowCorrelation[i])
      if value > best { (best, place) = (value, i) }
    }
    return place == 0 ? 0 : min(max(best, 0), 1)
  }
}
