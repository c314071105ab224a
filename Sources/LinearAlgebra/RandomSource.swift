/// A small seeded generator (SplitMix64, Steele et al. 2014): the same seed, the same training.
public struct RandomSource: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// A seed that goes on from here.
  package var seed: UInt64 { state }

  /// A stream of its own for each combination of numbers, whatever was drawn before.
  public init(seed: UInt64, _ path: Int...) {
    var mixed = RandomSource(seed: seed)
    for step in path {
      mixed = RandomSource(seed: mixed.next() ^ UInt64(truncatingIfNeeded: step) &* 0x9E37_79B9)
    }
    self = mixed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in [0, 1).
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  public mutating func uniform(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Uniform in 0 ..< bound.
  public mutating func index(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  public mutating func chance(_ probability: Float) -> Bool { uniform() < probability }
}
