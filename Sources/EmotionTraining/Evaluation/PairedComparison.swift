internal import Glibc

/// Two models on the same clips: is one better, or was it luck?
public struct PairedComparison: Codable, Sendable, Equatable {
  /// Unweighted average recall of the second less that of the first.
  public let difference: Double
  /// Of the difference, speakers resampled; nil with fewer than two speakers.
  public let interval: Interval?
  /// Two-sided, of the same draws: twice the smaller share of them on either side of nought.
  public let bootstrapP: Double?
  /// Clips that the one recognised and the other did not.
  public let onlyFirst: Int
  public let onlySecond: Int
  /// Exact McNemar test on those clips; it takes clips for independent, which speakers' are not.
  public let mcNemarP: Double

  /// The clips must be the same, in any order.
  public init(
    labels: [String], first: [Outcome], second: [Outcome],
    bootstrap: SpeakerBootstrap = SpeakerBootstrap()
  ) throws(ComparisonError) {
    let first = first.sorted { $0.clip < $1.clip }
    let second = second.sorted { $0.clip < $1.clip }
    try Self.check(first, second)
    let (a, b) = (
      bootstrap.matrices(labels: labels, outcomes: first),
      bootstrap.matrices(labels: labels, outcomes: second)
    )
    let gain = { (speakers: [Int]) in
      bootstrap.sum(b, at: speakers).unweightedAverageRecall
        - bootstrap.sum(a, at: speakers).unweightedAverageRecall
    }
    difference = gain(Array(a.indices))
    let draws = a.count > 1 ? bootstrap.resampled(a.count, gain) : nil
    interval = draws.map(bootstrap.percentiles)
    bootstrapP = draws.map(Self.twoSided)
    let hits = zip(first, second).map { ($0.predicted == $0.target, $1.predicted == $1.target) }
    onlyFirst = hits.count { $0.0 && !$0.1 }
    onlySecond = hits.count { !$0.0 && $0.1 }
    mcNemarP = mcNemar(onlyFirst, onlySecond)
  }

  private static func check(
    _ first: [Outcome], _ second: [Outcome]
  ) throws(ComparisonError) {
    guard !first.isEmpty, first.count == second.count else {
      throw .differentCounts(first.count, second.count)
    }
    for (one, other) in zip(first, second) {
      guard one.clip == other.clip, one.target == other.target, one.speaker == other.speaker else {
        throw .differentClips(one.clip, other.clip)
      }
    }
  }

  private static func twoSided(_ draws: [Double]) -> Double {
    let below = ratio(draws.count { $0 <= 0 }, draws.count)
    let above = ratio(draws.count { $0 >= 0 }, draws.count)
    return min(1, 2 * min(below, above))
  }
}

public enum ComparisonError: Error, Equatable, Sendable {
  case differentCounts(Int, Int)
  /// Not the same clip, or not with the same label and speaker.
  case differentClips(String, String)
}

/// Two-sided binomial test of `first` out of `first + second` at one half.
func mcNemar(_ first: Int, _ second: Int) -> Double {
  let total = first + second
  var logChoose = 0.0
  var tail = 0.0
  for successes in 0...min(first, second) {
    tail += exp(logChoose - Double(total) * log(2))
    logChoose += log(Double(total - successes)) - log(Double(successes + 1))
  }
  return min(1, 2 * tail)
}
