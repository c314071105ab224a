/// Which earlier recordings of a speaker are known when one more is classified. The one under test is never among them.
public struct Evidence: Codable, Sendable, Equatable {
  /// How they are drawn from the speaker's other recordings.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Any of them.
    case mixed
    /// Those of two labels, which are drawn.
    case twoLabels = "two labels"
    /// Those of one label, which is drawn.
    case oneLabel = "one label"
    /// A quarter are recordings of somebody else in the same corpus.
    case aQuarterOthers = "mixed, a quarter of another speaker"
  }

  public let kind: Kind
  /// How many. Where there are fewer to draw from, some are drawn twice.
  public let count: Int

  public init(_ kind: Kind, count: Int) {
    self.kind = kind
    self.count = count
  }

  /// All that a benchmark measures.
  public static let all =
    [1, 2, 4, 8, 16].map { Evidence(.mixed, count: $0) }
    + [.twoLabels, .oneLabel, .aQuarterOthers].map { Evidence($0, count: 8) }
}

/// How much better a model is that knows a few earlier recordings of each speaker.
public struct BenchmarkEvidence: Codable, Sendable, Equatable {
  public struct Cell: Codable, Sendable, Equatable {
    public let corpus: String
    public let uar: Double
    /// UAR less that of the same clips without earlier recordings.
    public let difference: Double
    /// Of the UAR, speakers resampled.
    public let interval: Interval?
    public let calibrationError: Double
  }

  public let evidence: Evidence
  /// Mean over the corpora.
  public let uar: Double
  public let difference: Double
  public let calibrationError: Double
  public let corpora: [Cell]

  /// - Parameters:
  ///   - informed: One corpus at least; several draws of earlier recordings one after the other.
  ///   - plain: Results of the same clips without earlier recordings.
  public init(_ evidence: Evidence, informed: BenchmarkTable, plain: BenchmarkTable) {
    self.evidence = evidence
    uar = informed.mean.figures.uar
    difference = uar - plain.mean.figures.uar
    calibrationError = informed.mean.figures.calibrationError
    corpora = zip(informed.corpora, plain.corpora).map { row, before in
      Cell(
        corpus: row.corpus, uar: row.figures.uar,
        difference: row.figures.uar - before.figures.uar, interval: row.intervals?.uar,
        calibrationError: row.figures.calibrationError)
    }
  }
}

/// Of both parts; nil for one that was not measured.
public struct BenchmarkVoices: Codable, Sendable, Equatable {
  public let neverHeard: [BenchmarkEvidence]?
  public let folds: [BenchmarkEvidence]?

  public init(neverHeard: [BenchmarkEvidence]?, folds: [BenchmarkEvidence]?) {
    self.neverHeard = neverHeard
    self.folds = folds
  }
}
