/// What a recording may be. Checked against what is really there, never against what a header claims.
public struct AudioLimits: Sendable, Equatable {
  /// Longest recording decoded as a whole, seconds.
  public var maximumDuration: Double
  /// Most channels; all are mixed into one.
  public var maximumChannels: Int
  /// Sample rates accepted, Hz.
  public var sampleRates: ClosedRange<Int>

  public init(
    maximumDuration: Double = 600,
    maximumChannels: Int = 64,
    sampleRates: ClosedRange<Int> = 4_000...192_000
  ) {
    precondition(maximumDuration > 0, "the longest duration must be positive")
    precondition(
      1...DecoderMemory.maximumChannels ~= maximumChannels,
      "channels are limited to 1 to \(DecoderMemory.maximumChannels)")
    precondition(sampleRates.lowerBound > 0, "sample rates must be positive")
    self.maximumDuration = maximumDuration
    self.maximumChannels = maximumChannels
    self.sampleRates = sampleRates
  }

  /// Frames that `maximumDuration` allows at `sampleRate` Hz.
  func maximumFrames(at sampleRate: Int) -> Int {
    let frames = maximumDuration * Double(sampleRate)
    return frames < Double(Int.max) ? Int(frames) : .max
  }
}
