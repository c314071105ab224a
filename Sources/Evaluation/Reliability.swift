internal import Glibc

/// Whether probabilities mean what they say.
public enum Reliability {
  /// One bar of a reliability diagram: clips whose confidence is above `lower` and up to `upper`.
  public struct Bin: Codable, Sendable, Equatable {
    public let lower: Double
    public let upper: Double
    public var count = 0
    /// Sums over the bin's clips.
    var confidences = 0.0
    var hits = 0

    public var confidence: Double { count == 0 ? 0 : confidences / Double(count) }
    public var accuracy: Double { ratio(hits, count) }

    static func += (sum: inout Bin, other: Bin) {
      sum.count += other.count
      sum.confidences += other.confidences
      sum.hits += other.hits
    }
  }

  /// Clips by their confidence in bins of equal width (Guo et al. 2017).
  public static func bins(_ outcomes: [ClipResult], count: Int = 15) -> [Bin] {
    var bins = (0..<count).map {
      Bin(lower: Double($0) / Double(count), upper: Double($0 + 1) / Double(count))
    }
    for outcome in outcomes {
      let place = (outcome.confidence * Double(count)).rounded(.up) - 1
      let index = Int(min(max(place, 0), Double(count - 1)))
      bins[index].count += 1
      bins[index].confidences += outcome.confidence
      bins[index].hits += outcome.isHit ? 1 : 0
    }
    return bins
  }

  /// Mean distance between confidence and accuracy over the bins, weighted by their clips.
  public static func expectedError(_ outcomes: [ClipResult], bins count: Int = 15) -> Double {
    expectedError(of: bins(outcomes, count: count))
  }

  static func expectedError(of bins: [Bin]) -> Double {
    let clips = bins.reduce(0) { $0 + $1.count }
    return bins.reduce(0) { sum, bin in
      sum + ratio(bin.count, clips) * abs(bin.confidence - bin.accuracy)
    }
  }

  /// Mean of -ln of the true class's probability, which counts as at least 2⁻⁵².
  public static func negativeLogLikelihood(_ outcomes: [ClipResult]) -> Double {
    mean(outcomes.map { -log(max(Double($0.probabilities[$0.target]), Double.ulpOfOne)) })
  }
}
