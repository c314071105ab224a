/// The fraction of samples in each frame at which the sign changes (`librosa.feature.zero_crossing_rate`). Frame t is
/// centred on sample t · hop; the first and last samples go on for ever outside.
public struct ZeroCrossings: SampleFeature {
  public let frameLength: Int
  public let hopLength: Int

  /// Magnitudes up to this count as zero.
  static let threshold: Float = 1e-10

  public init(frameLength: Int = 2048, hopLength: Int = 512) throws(SignalError) {
    try require(frameLength > 0, "frameLength", Double(frameLength))
    try require(hopLength > 0, "hopLength", Double(hopLength))
    self.frameLength = frameLength
    self.hopLength = hopLength
  }

  /// (T, 1)
  public func callAsFunction(_ samples: Span<Float>) -> Frames {
    let before = crossingsBefore(samples)
    let padded = samples.count + 2 * (frameLength / 2)
    let count = samples.isEmpty || padded < frameLength ? 0 : 1 + (padded - frameLength) / hopLength
    return Frames(
      width: 1,
      values: (0..<count).map { t in
        // The frame's first sample has no predecessor in the frame, so it crosses nothing.
        let start = t * hopLength - frameLength / 2
        let first = min(max(start + 1, 0), samples.count)
        let end = min(max(start + frameLength, first), samples.count)
        return Float(before[end] - before[first]) / Float(frameLength)
      })
  }

  /// How many signs changed at samples 0..<i, for every i up to the number of samples.
  private func crossingsBefore(_ samples: Span<Float>) -> [Int32] {
    var result: [Int32] = [0]
    result.reserveCapacity(samples.count + 1)
    var wasNegative = false
    for i in 0..<samples.count {
      let isNegative = samples[i] < -Self.threshold
      result.append(result[i] + (i > 0 && isNegative != wasNegative ? 1 : 0))
      wasNegative = isNegative
    }
    return result
  }
}
