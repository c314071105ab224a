/// What is silence: frames more than `decibels` below the loudest one (`librosa.effects.trim`).
public struct Silence: Sendable {
  public let decibels: Double
  /// Where a recording hums or others talk, no pause is so quiet: what is less than this above its noise floor, in dB, is
  /// silence too. nil knows no floor, as librosa.
  public let margin: Double?
  let level: FrameEnergy

  /// librosa's floor under amplitudes, 1e-5, as a power.
  private static let floor: Float = 1e-10

  public init(
    decibels: Double = 60, margin: Double? = nil, frameLength: Int = 2048, hopLength: Int = 512
  ) throws(SignalError) {
    try require(decibels > 0 && decibels.isFinite, "decibels", decibels)
    if let margin { try require(margin > 0 && margin.isFinite, "margin", margin) }
    self.decibels = decibels
    self.margin = margin
    level = try FrameEnergy(frameLength: frameLength, hopLength: hopLength)
  }

  /// The samples between silence at the beginning and silence at the end, as whole hops.
  public func trimmed(_ samples: Span<Float>) -> Range<Int> {
    let loud = loudFrames(level(samples))
    guard let first = loud.firstIndex(of: true), let last = loud.lastIndex(of: true) else {
      return 0..<0
    }
    return sampleRange(first..<last + 1, of: samples.count)
  }

  private func loudFrames(_ levels: Frames) -> [Bool] {
    var power = levels.values.map { $0 * $0 }
    let loudest = max(power.max() ?? 0, Self.floor)
    Decibels(reference: Double(loudest), floor: Double(Self.floor), range: nil).convert(&power)
    let threshold = threshold(power)
    return power.map { $0 > threshold }
  }

  /// The noise floor is what a tenth of the frames stay below; of a recording without pauses that is speech, of which no more
  /// than the softest may go.
  private func threshold(_ levels: [Float]) -> Float {
    let limit = -Float(decibels)
    guard let margin, !levels.isEmpty else { return limit }
    let floor = levels.sorted()[levels.count / 10]
    return max(limit, min(floor + Float(margin), -15))
  }

  private func sampleRange(_ frames: Range<Int>, of count: Int) -> Range<Int> {
    let start = min(frames.lowerBound * level.hopLength, count)
    return start..<min(frames.upperBound * level.hopLength, count)
  }
}
