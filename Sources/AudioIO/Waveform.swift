/// One channel of sound.
public struct Waveform: Sendable, Equatable {
  /// Samples in time order; full scale is ±1, though lossy and float sources may go past it.
  public var samples: [Float]
  /// Samples per second, Hz.
  public var sampleRate: Int

  public init(samples: [Float], sampleRate: Int) {
    precondition(sampleRate > 0, "a waveform needs a positive sample rate, not \(sampleRate)")
    self.samples = samples
    self.sampleRate = sampleRate
  }

  /// Length in seconds.
  public var duration: Double { Double(samples.count) / Double(sampleRate) }
}
