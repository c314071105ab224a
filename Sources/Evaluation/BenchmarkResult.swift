public import Augmentation

/// How good a preset is on several corpora: on their speakers when others of them trained it, and on whole corpora that it never
/// heard. Main figures are among the labels that a corpus has.
public struct BenchmarkResult: Codable, Sendable, Equatable {
  /// The preset's name.
  public let name: String
  public let seeds: [UInt64]
  /// The corpora that trained it; each was left out where it was tested as one never heard.
  public let corpora: [String]
  /// The model's labels, in their order.
  public let labels: [String]
  /// Fitted on all folds, for a model that is trained on everything; nil where it was not cross-fitted.
  public let temperature: Double?
  public let neverHeard: BenchmarkTable?
  public let folds: BenchmarkTable?
  public let degradations: [BenchmarkDegradation]?
  /// Earlier recordings of the speakers are known.
  public var voices: BenchmarkVoices?
  /// Neither speaker nor sentence is in training.
  public let sentences: BenchmarkTable?
  /// Speakers are in training and test.
  public let random: BenchmarkTable?

  public init(
    name: String, seeds: [UInt64], corpora: [String], labels: [String],
    temperature: Double? = nil, neverHeard: BenchmarkTable? = nil, folds: BenchmarkTable? = nil,
    degradations: [BenchmarkDegradation]? = nil, sentences: BenchmarkTable? = nil,
    random: BenchmarkTable? = nil
  ) {
    self.name = name
    self.seeds = seeds
    self.corpora = corpora
    self.labels = labels
    self.temperature = temperature
    self.neverHeard = neverHeard
    self.folds = folds
    self.degradations = degradations
    self.sentences = sentences
    self.random = random
  }
}

extension BenchmarkResult {
  public func write(to path: String) throws(ResultFileError) {
    try writeResult(self, to: path)
  }
}

/// What models said of a corpus, and among which labels that counts.
public struct CorpusResults: Sendable {
  public let corpus: String
  public let restriction: LabelRestriction
  /// With probabilities of all labels, calibrated.
  public let results: [ClipResult]

  public init(corpus: String, restriction: LabelRestriction, results: [ClipResult]) {
    self.corpus = corpus
    self.restriction = restriction
    self.results = results
  }
}

/// Figures of several corpora, and their mean, in which each corpus counts the same.
public struct BenchmarkTable: Codable, Sendable, Equatable {
  /// Where probabilities got their temperature from.
  public enum Calibration: String, Codable, Sendable {
    /// Each training has its own, found on speakers who were left aside.
    case validation
    /// No speaker was left aside: each temperature was fitted on what other trainings said of other folds or corpora.
    case crossFitted = "cross-fitted"
    /// There was nothing else to find one on: probabilities are as the network says them.
    case none
  }

  public struct Mean: Codable, Sendable, Equatable {
    public let figures: Figures<Double>
    /// Speakers of each corpus resampled.
    public let intervals: Figures<Interval>?
  }

  public struct Row: Codable, Sendable, Equatable {
    public let corpus: String
    /// Those that figures are among.
    public let labels: [String]
    public let clips: Int
    /// Clips that were tested but have another label.
    public let leftOut: Int
    public let speakers: Int
    public let figures: Figures<Double>
    /// Speakers resampled; nil with fewer than two.
    public let intervals: Figures<Interval>?
    /// UAR of the same clips when the model may choose among all its labels.
    public let uarOfAllLabels: Double
    /// UAR of each seed, in the order of the seeds.
    public let uarBySeed: [Double]
    public let confusion: ConfusionMatrix
  }

  public let calibration: Calibration
  public let mean: Mean
  public let corpora: [Row]

  /// - Parameters:
  ///   - corpora: One at least. Those without a clip that counts are left out.
  ///   - labels: The model's, in the order of its outputs.
  public init?(
    _ corpora: [CorpusResults], labels: [String], calibration: Calibration,
    bootstrap: SpeakerBootstrap = SpeakerBootstrap()
  ) {
    let measured = corpora.enumerated().compactMap { place, corpus in
      // Each corpus has draws of its own: they are independent in the mean.
      var bootstrap = bootstrap
      bootstrap.seed += UInt64(place)
      return Row.measured(corpus, of: labels, bootstrap)
    }
    guard !measured.isEmpty else { return nil }
    self.calibration = calibration
    self.corpora = measured.map(\.row)
    mean = Mean(
      figures: .mean(self.corpora.map(\.figures)),
      intervals: bootstrap.intervals(Self.mean(measured)))
  }

  /// Draws of the mean: of each corpus one draw, and of one with too few speakers its figures.
  private static func mean(
    _ measured: [(row: Row, draws: [Figures<Double>])]
  ) -> [Figures<Double>] {
    let count = measured.map(\.draws.count).max() ?? 0
    return (0..<count).map { draw in
      .mean(measured.map { $0.draws.isEmpty ? $0.row.figures : $0.draws[draw] })
    }
  }
}

extension BenchmarkTable.Row {
  fileprivate static func measured(
    _ corpus: CorpusResults, of labels: [String], _ bootstrap: SpeakerBootstrap
  ) -> (row: Self, draws: [Figures<Double>])? {
    let own = corpus.restriction(corpus.results)
    guard !own.isEmpty else { return nil }
    let names = corpus.restriction.labels
    let draws = bootstrap.draws(labels: names, outcomes: own)
    let answerable = corpus.restriction.answerable(corpus.results)
    let row = Self(
      corpus: corpus.corpus, labels: names, clips: Set(own.map(\.clip)).count,
      leftOut: Set(corpus.results.map(\.clip)).count - Set(own.map(\.clip)).count,
      speakers: Set(own.map(\.speaker)).count,
      figures: Tally(labels: names, outcomes: own).figures,
      intervals: bootstrap.intervals(draws),
      uarOfAllLabels: ConfusionMatrix(labels: labels, outcomes: answerable)
        .unweightedAverageRecall,
      uarBySeed: Dictionary(grouping: own) { $0.seed ?? 0 }.sorted { $0.key < $1.key }.map {
        ConfusionMatrix(labels: names, outcomes: $0.value).unweightedAverageRecall
      },
      confusion: ConfusionMatrix(labels: names, outcomes: own))
    return (row, draws)
  }
}

/// One degradation on several corpora.
public struct BenchmarkDegradation: Codable, Sendable, Equatable {
  public struct Cell: Codable, Sendable, Equatable {
    public let corpus: String
    public let report: DegradationReport
  }

  public let degradation: Degradation
  /// Mean over the corpora.
  public let uar: Double
  /// Mean UAR less that of the same clips as they were recorded.
  public let difference: Double
  public let corpora: [Cell]

  /// - Parameters:
  ///   - degraded: One corpus at least.
  ///   - clean: Results of the same clips as they were recorded, in the order of `degraded`.
  public init(
    _ degradation: Degradation, degraded: [CorpusResults], clean: [CorpusResults]
  ) throws(ComparisonError) {
    self.degradation = degradation
    var cells: [Cell] = []
    for (worse, better) in zip(degraded, clean) {
      let report = try DegradationReport(
        degradation, labels: worse.restriction.labels,
        outcomes: worse.restriction(worse.results), clean: better.restriction(better.results))
      cells.append(Cell(corpus: worse.corpus, report: report))
    }
    corpora = cells
    uar = Evaluation.mean(cells.map(\.report.uar))
    difference = Evaluation.mean(cells.map(\.report.difference))
  }
}
