internal import Glibc

/// Two models on the same clips: is one better, or was it luck?
public struct PairedComparison: Codable, Sendable, Equatable {
  /// Clips that are in both results; all figures are of these.
  public let clips: Int
  /// Clips that are in one of the two alone.
  public let leftOut: Int
  /// Unweighted average recall of the second less that of the first.
  public let difference: Double
  /// Of the difference, speakers resampled; nil with fewer than two speakers.
  public let interval: Interval?
  /// Two-sided, of the same draws: twice the smaller fraction of them on either side of nought.
  public let bootstrapP: Double?
  /// Clips that the one recognised and the other did not; nil where a clip was classified several times,
  /// by trainings from several seeds.
  public let onlyFirst: Int?
  public let onlySecond: Int?
  /// Exact McNemar test on those clips; it takes clips for independent, which speakers' are not.
  public let mcNemarP: Double?

  /// Throws when no clip is common, or when a common one has another label or speaker.
  public init(
    labels: [String], first: [ClipResult], second: [ClipResult],
    bootstrap: SpeakerBootstrap = SpeakerBootstrap()
  ) throws(ComparisonError) {
    let pairs = try Pairs(first, second)
    clips = pairs.all.count
    leftOut = pairs.leftOut
    let (a, b) = (
      bootstrap.matrices(labels: labels, outcomes: pairs.all.flatMap(\.first)),
      bootstrap.matrices(labels: labels, outcomes: pairs.all.flatMap(\.second))
    )
    let gain = { (speakers: [Int]) in
      bootstrap.sum(b, at: speakers).unweightedAverageRecall
        - bootstrap.sum(a, at: speakers).unweightedAverageRecall
    }
    difference = gain(Array(a.indices))
    let draws = a.count > 1 ? bootstrap.resampled(a.count, gain) : nil
    interval = draws.map(bootstrap.percentiles)
    bootstrapP = draws.map(Self.twoSided)
    let hits = pairs.hits
    let onlyFirst = hits?.count { $0.first && !$0.second }
    let onlySecond = hits?.count { !$0.first && $0.second }
    (self.onlyFirst, self.onlySecond) = (onlyFirst, onlySecond)
    mcNemarP = onlyFirst.flatMap { first in onlySecond.map { mcNemar(first, $0) } }
  }

  private static func twoSided(_ draws: [Double]) -> Double {
    let below = ratio(draws.count { $0 <= 0 }, draws.count)
    let above = ratio(draws.count { $0 >= 0 }, draws.count)
    return min(1, 2 * min(below, above))
  }
}

/// What two models said of each clip that is in both results, in the order of the clips' names.
private struct Pairs {
  private(set) var all: [(first: [ClipResult], second: [ClipResult])] = []
  let leftOut: Int

  init(_ first: [ClipResult], _ second: [ClipResult]) throws(ComparisonError) {
    let first = Dictionary(grouping: first, by: \.clip)
    let second = Dictionary(grouping: second, by: \.clip)
    for (clip, ours) in first.sorted(by: { $0.key < $1.key }) {
      guard let theirs = second[clip] else { continue }
      let known = ours[0]
      let agree = (ours + theirs).allSatisfy {
        $0.target == known.target && $0.speaker == known.speaker
      }
      guard agree else { throw .differentFacts(clip: clip) }
      all.append((ours, theirs))
    }
    guard !all.isEmpty else { throw .nothingInCommon }
    leftOut = first.count + second.count - 2 * all.count
  }

  /// Whether each recognised the clip; nil where one classified a clip several times.
  var hits: [(first: Bool, second: Bool)]? {
    guard all.allSatisfy({ $0.first.count == 1 && $0.second.count == 1 }) else { return nil }
    return all.map { ($0.first[0].isHit, $0.second[0].isHit) }
  }
}

extension ClipResult {
  /// Whether the clip was recognised.
  public var isHit: Bool { predicted == target }
}

public enum ComparisonError: Error, Equatable, Sendable {
  /// Classes, or their order, are not the same.
  case differentLabels
  case nothingInCommon
  /// A clip of both results has another label or speaker for the one than for the other.
  case differentFacts(clip: String)
}

extension ComparisonError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .differentLabels: "other labels"
    case .nothingInCommon: "no clip in common; evaluate both on the same paths"
    case .differentFacts(let clip): "\(clip) has another label or speaker"
    }
  }
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
