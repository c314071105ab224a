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
    /// Of the highest peak, s; 0 where there is none.
    public let period: Float
  }

  /// Samples in a frame.
  public let frameLength: Int
  /// Samples from one frame to the next.
  public let hopLength: Int
  /// Samples that are averaged into one.
  private let factor: Int
  /// Of the averages, Hz.
  private let rate: Float
  /// The first lag of a pitch, in averages.
  private let shortest: Int
  /// At lag 0 and at those of a pitch, divided by the window's own.
  private let autocorrelation: Autocorrelation

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
    self.rate = Float(rate)
    let (length, hop) = (Int(frameDuration * rate), Int(hopDuration * rate))
    frameLength = length * factor
    hopLength = hop * factor
    try require(hop > 0, "hopDuration", hopDuration)
    let (shortest, longest) = (Int(rate / pitch.upperBound), Int(rate / pitch.lowerBound))
    self.shortest = shortest
    try require(shortest > 0 && longest < length, "frameDuration", frameDuration)
    let window = Window.hann.samples(length)
    autocorrelation = try Autocorrelation(window: window, lags: [0] + Array(shortest...longest)) {
      lag in
      (0..<length - lag).reduce(0) { $0 + window[$1] * window[$1 + lag] }
    }
  }

  public func callAsFunction(_ samples: Span<Float>) -> [Frame] {
    guard samples.count >= frameLength else { return [] }
    let count = 1 + (samples.count - frameLength) / hopLength
    let averages = averages(samples, of: factor)
    let correlations = correlations(of: averages, count: count)
    return (0..<count).map { t in
      let frame = samples.extracting(t * hopLength..<t * hopLength + frameLength)
      let first = t * hopLength / factor
      let length = frameLength / factor
      let mean = sum(averages.span.extracting(first..<first + length)) / Float(length)
      let power = max(energy(frame) / Float(frameLength) - mean * mean, 0)
      let peak = peak(of: correlations[t])
      return Frame(
        level: 10 * log10(power + 1e-12), periodicity: peak.height, period: peak.lag / rate)
    }
  }

  /// (count, lags)
  private func correlations(of averages: [Float], count: Int) -> Frames {
    // A constant is no pitch.
    let mean = sum(averages.span) / Float(averages.count)
    let centered = averages.map { $0 - mean }
    return autocorrelation(centered.span, first: 0, hop: hopLength / factor, count: count)
  }

  /// A correlation that only falls from lag 0 on has no peak. The lag lies where a parabola through the peak and its neighbours is highest.
  private func peak(of correlations: ArraySlice<Float>) -> (height: Float, lag: Float) {
    let first = correlations.startIndex
    guard correlations[first] > 0 else { return (0, 0) }
    var place = first + 1
    for lag in correlations.indices.dropFirst(2) where correlations[lag] > correlations[place] {
      place = lag
    }
    guard place > first + 1 else { return (0, 0) }
    let lag = Float(shortest + place - first - 1) + summit(of: correlations, at: place)
    return (min(max(correlations[place] / correlations[first], 0), 1), lag)
  }

  /// How far from `place` the parabola's summit lies; 0 at the last lag.
  private func summit(of correlations: ArraySlice<Float>, at place: Int) -> Float {
    guard place + 1 < correlations.endIndex else { return 0 }
    let (before, after) = (correlations[place - 1], correlations[place + 1])
    let bend = before - 2 * correlations[place] + after
    return bend < 0 ? (before - after) / (2 * bend) : 0
  }
}
