/// The fundamental frequency of each frame by YIN (de Cheveigné and Kawahara 2002), as `librosa.yin`
/// computes it: frame t is centred on sample t · hop, with zeros around the signal.
public struct PitchTracker: Sendable {
  /// One frame's answer. There always is one; whether the frame was voiced tells its aperiodicity.
  public struct Pitch: Sendable, Equatable {
    /// Hz
    public let frequency: Float
    /// The cumulative mean normalised difference at the period: 0 for a perfect repetition, about 1
    /// for noise.
    public let aperiodicity: Float
  }

  public let frameLength: Int
  public let hopLength: Int
  private let sampleRate: Int
  /// Samples; librosa's `min_period` and `max_period`.
  private let periods: ClosedRange<Int>
  private let threshold: Float
  private let autocorrelation: Autocorrelation
  /// Frames whose spectra are held at once.
  private static let blockLength = 128

  /// - Parameters:
  ///   - low, high: Hz; two periods of `low` should fit into a frame.
  ///   - threshold: The first period whose normalised difference dips below it is taken; else the one
  ///     with the least.
  public init(
    sampleRate: Int, low: Double = 65, high: Double = 600, frameLength: Int = 1024,
    hopLength: Int = 160, threshold: Float = 0.1
  ) throws(SignalError) {
    try require(sampleRate > 0, "sampleRate", Double(sampleRate))
    try require((4...1 << 15).contains(frameLength), "frameLength", Double(frameLength))
    try require(hopLength > 0, "hopLength", Double(hopLength))
    try require(high > 0 && high <= Double(sampleRate) / 2, "high", high)
    try require(low < high && Double(sampleRate) / low < Double(frameLength - 1), "low", low)
    self.sampleRate = sampleRate
    self.frameLength = frameLength
    self.hopLength = hopLength
    self.threshold = threshold
    let longest = Int((Double(sampleRate) / low).rounded(.up))
    periods = Int(Double(sampleRate) / high)...min(longest, frameLength - 1)
    autocorrelation = try Autocorrelation(
      window: [Float](repeating: 1, count: frameLength), lags: Array(0...periods.upperBound))
  }

  /// One pitch for each frame.
  public func callAsFunction(_ samples: Span<Float>) -> [Pitch] {
    guard samples.count > 0 else { return [] }
    let count = samples.count / hopLength + 1
    var pitches: [Pitch] = []
    pitches.reserveCapacity(count)
    for first in stride(from: 0, to: count, by: Self.blockLength) {
      let start = first * hopLength - frameLength / 2
      let correlations = autocorrelation(
        samples, first: start, hop: hopLength, count: min(Self.blockLength, count - first))
      for t in 0..<correlations.count {
        let difference = normalizedDifference(
          samples, from: start + t * hopLength, Array(correlations[t]))
        pitches.append(pitch(of: difference))
      }
    }
    return pitches
  }

  /// Equation 8 of the paper, for the periods looked at.
  private func normalizedDifference(
    _ samples: Span<Float>, from start: Int, _ correlation: [Float]
  ) -> [Float] {
    var energy = 0.0
    var sum = 0.0
    var result: [Float] = []
    for lag in 1...periods.upperBound {
      let place = start + lag - 1
      let sample = 0 <= place && place < samples.count ? Double(samples[place]) : 0
      energy += sample * sample
      let difference = 2 * (Double(correlation[0]) - Double(correlation[lag])) - energy
      sum += difference
      guard lag >= periods.lowerBound else { continue }
      let mean = sum / Double(lag)
      result.append(Float(difference / (mean + Double(Float.leastNormalMagnitude))))
    }
    return result
  }

  private func pitch(of difference: [Float]) -> Pitch {
    let place = period(difference)
    let shift = parabolicShift(difference, at: place)
    return Pitch(
      frequency: Float(sampleRate) / (Float(periods.lowerBound + place) + shift),
      aperiodicity: difference[place])
  }

  /// Index of the first trough below the threshold, else of the lowest value.
  private func period(_ difference: [Float]) -> Int {
    let last = difference.count - 1
    let trough = difference.indices.first { i in
      guard difference[i] < threshold else { return false }
      if i == 0 { return last > 0 && difference[0] < difference[1] }
      return difference[i] < difference[i - 1] && (i == last || difference[i] <= difference[i + 1])
    }
    return trough ?? difference.indices.min { difference[$0] < difference[$1] } ?? 0
  }

  private func parabolicShift(_ values: [Float], at place: Int) -> Float {
    guard place > 0, place < values.count - 1 else { return 0 }
    let curvature = values[place + 1] + values[place - 1] - 2 * values[place]
    let slope = (values[place + 1] - values[place - 1]) / 2
    return abs(slope) >= abs(curvature) ? 0 : -slope / curvature
  }
}
