import CommandLineTool
import LinearAlgebra

public struct Interval: Codable, Sendable, Equatable {
  public let lower: Double
  public let upper: Double

  /// "0.585 to 0.682"
  public var text: String { "\(fixed(lower)) to \(fixed(upper))" }
}

/// Resampling of whole speakers: the clips of one speaker err together, so that drawing clips one by one
/// would promise too much.
public struct SpeakerBootstrap: Sendable {
  public var draws: Int
  public var seed: UInt64
  /// Fraction of the draws that the interval holds.
  public var coverage: Double

  public init(draws: Int = 2000, seed: UInt64 = 1, coverage: Double = 0.95) {
    precondition(draws > 0 && 0 < coverage && coverage < 1)
    self.draws = draws
    self.seed = seed
    self.coverage = coverage
  }

  /// The interval of `metric`; nil with fewer than two speakers.
  public func interval(
    of metric: (ConfusionMatrix) -> Double, labels: [String], outcomes: [ClipResult]
  ) -> Interval? {
    let parts = matrices(labels: labels, outcomes: outcomes)
    guard parts.count > 1 else { return nil }
    return percentiles(resampled(parts.count) { metric(sum(parts, at: $0)) })
  }

  /// A confusion matrix for each speaker, in the order of their names.
  func matrices(labels: [String], outcomes: [ClipResult]) -> [ConfusionMatrix] {
    Dictionary(grouping: outcomes, by: \.speaker).sorted { $0.key < $1.key }.map {
      ConfusionMatrix(labels: labels, outcomes: $0.value)
    }
  }

  func sum(_ parts: [ConfusionMatrix], at indices: [Int]) -> ConfusionMatrix {
    var sum = ConfusionMatrix(labels: parts[0].labels)
    for index in indices { sum += parts[index] }
    return sum
  }

  /// `statistic` of each draw of `count` indices with replacement, ascending.
  func resampled(_ count: Int, _ statistic: ([Int]) -> Double) -> [Double] {
    draws(of: count).map(statistic).sorted()
  }

  /// Draws of `count` indices with replacement.
  func draws(of count: Int) -> [[Int]] {
    var random = RandomSource(seed: seed)
    return (0..<draws).map { _ in
      (0..<count).map { _ in Int.random(in: 0..<count, using: &random) }
    }
  }

  func percentiles(_ sorted: [Double]) -> Interval {
    let tail = (1 - coverage) / 2
    return Interval(lower: quantile(sorted, tail), upper: quantile(sorted, 1 - tail))
  }
}

/// Linear between the neighbours, as NumPy's `quantile`.
package func quantile(_ sorted: [Double], _ fraction: Double) -> Double {
  let place = fraction * Double(sorted.count - 1)
  let below = Int(place)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
}
