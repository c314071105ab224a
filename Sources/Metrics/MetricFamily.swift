/// All values of one metric, as a scrape gives them.
public struct MetricFamily: Sendable, Equatable {
  public enum Kind: String, Sendable { case counter, gauge, histogram }

  public struct Label: Sendable, Equatable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public struct Sample: Sendable, Equatable {
    /// What a histogram's series add to the family's name: `_bucket`, `_sum`, `_count`.
    public let suffix: String
    public let labels: [Label]
    public let value: Double

    public init(suffix: String = "", labels: [Label] = [], value: Double) {
      self.suffix = suffix
      self.labels = labels
      self.value = value
    }
  }

  public let name: String
  public let help: String
  public let kind: Kind
  public let samples: [Sample]

  public init(_ name: String, _ kind: Kind, help: String, samples: [Sample]) {
    self.name = name
    self.help = help
    self.kind = kind
    self.samples = samples
  }

  /// A family of one value.
  public init(_ name: String, _ kind: Kind, help: String, value: Double) {
    self.init(name, kind, help: help, samples: [Sample(value: value)])
  }
}
