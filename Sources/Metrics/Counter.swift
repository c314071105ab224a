import Synchronization

/// A value that only grows, for each combination of its labels.
public final class Counter: Sendable {
  private let name: String
  private let help: String
  private let labels: [String]
  private let values: Mutex<[[String]: Double]>

  /// - Parameter labels: Their names. Values must come from a small set: each combination is kept for good.
  public init(_ name: String, help: String, labels: [String] = []) {
    self.name = name
    self.help = help
    self.labels = labels
    // Without labels there is one series, which is there from the start.
    values = Mutex(labels.isEmpty ? [[]: 0] : [:])
  }

  /// - Parameter labelValues: One for each label, in the labels' order.
  public func add(_ amount: Double = 1, _ labelValues: String...) {
    precondition(labelValues.count == labels.count, "\(name) has \(labels.count) labels")
    values.withLock { $0[labelValues, default: 0] += amount }
  }

  public var family: MetricFamily {
    // Read under the lock: a copy that is read after it shares its storage with whoever counts next.
    let series = values.withLock { $0.sorted { $0.key.lexicographicallyPrecedes($1.key) } }
    return MetricFamily(
      name, .counter, help: help,
      samples: series.map { key, value in
        MetricFamily.Sample(labels: zip(labels, key).map(MetricFamily.Label.init), value: value)
      })
  }
}
