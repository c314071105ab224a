import Synchronization

/// How often values fell below each of some bounds, for each combination of its labels.
public final class Histogram: Sendable {
  /// Seconds, from a hundred microseconds to a minute: what a request's parts take.
  public static let latencies = [
    0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
    10, 30, 60,
  ]

  private struct Series: Sendable {
    /// One more than there are bounds: the last counts what lies above them all.
    var counts: [Int]
    var sum = 0.0
  }

  private let name: String
  private let help: String
  private let labels: [String]
  private let bounds: [Double]
  private let series: Mutex<[[String]: Series]> = Mutex([:])

  /// - Parameters:
  ///   - labels: Their names. Values must come from a small set: each combination is kept for good.
  ///   - bounds: Rising; a value equal to a bound counts as below it.
  public init(_ name: String, help: String, labels: [String] = [], bounds: [Double] = latencies) {
    precondition(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "bounds must rise")
    self.name = name
    self.help = help
    self.labels = labels
    self.bounds = bounds
  }

  /// - Parameter labelValues: One for each label, in the labels' order.
  public func observe(_ value: Double, _ labelValues: String...) {
    precondition(labelValues.count == labels.count, "\(name) has \(labels.count) labels")
    let place = bounds.firstIndex { value <= $0 } ?? bounds.count
    series.withLock { series in
      let empty = Series(counts: Array(repeating: 0, count: bounds.count + 1))
      series[labelValues, default: empty].counts[place] += 1
      series[labelValues, default: empty].sum += value
    }
  }

  public var family: MetricFamily {
    // Read under the lock: a copy that is read after it shares its storage with whoever observes next.
    let all = series.withLock { series in
      series.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        .flatMap { samples(of: $0.value, key: $0.key) }
    }
    return MetricFamily(name, .histogram, help: help, samples: all)
  }

  private func samples(of series: Series, key: [String]) -> [MetricFamily.Sample] {
    let own = zip(labels, key).map(MetricFamily.Label.init)
    var total = 0
    var samples: [MetricFamily.Sample] = []
    for (bound, count) in zip(bounds + [.infinity], series.counts) {
      total += count
      let limit = MetricFamily.Label("le", Exposition.text(bound))
      samples.append(.init(suffix: "_bucket", labels: own + [limit], value: Double(total)))
    }
    samples.append(.init(suffix: "_sum", labels: own, value: series.sum))
    samples.append(.init(suffix: "_count", labels: own, value: Double(total)))
    return samples
  }
}
