/// The level of each frame, root mean square (`librosa.feature.rms`): frame t is centred on sample t · hop, zeros around.
public struct FrameEnergy: SampleFeature {
  public let frameLength: Int
  public let hopLength: Int

  public init(frameLength: Int = 2048, hopLength: Int = 512) throws(SignalError) {
    try require(frameLength > 0, "frameLength", Double(frameLength))
    try require(hopLength > 0, "hopLength", Double(hopLength))
    self.frameLength = frameLength
    self.hopLength = hopLength
  }

  /// T, frames of a signal.
  public func frameCount(of sampleCount: Int) -> Int {
    let padded = sampleCount + 2 * (frameLength / 2)
    return sampleCount == 0 || padded < frameLength ? 0 : 1 + (padded - frameLength) / hopLength
  }

  /// (T, 1)
  public func callAsFunction(_ samples: Span<Float>) -> Frames {
    Frames(
      width: 1,
      values: (0..<frameCount(of: samples.count)).map { t in
        let start = t * hopLength - frameLength / 2
        let inside = max(start, 0)..<max(max(start, 0), min(start + frameLength, samples.count))
        return (energy(samples.extracting(inside)) / Float(frameLength)).squareRoot()
      })
  }
}
