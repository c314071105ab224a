import Corpora
public import Evaluation
public import Training

/// A preset trained and measured as one or more plans say, one a seed, and what comes of it in tables.
public struct Benchmark: Sendable {
  /// One a seed.
  public let plans: [BenchmarkPlan]
  /// All its trainings.
  public let validation: CrossValidation

  /// - Parameters:
  ///   - plans: For each of the seeds, over the experiment's examples.
  ///   - degradations: Under which the folds are measured besides; nil for none.
  ///   - store: Where trainings are kept as they end; nil for nowhere.
  public init(
    experiment: Experiment, seeds: [UInt64], plans: [BenchmarkPlan], jobs: Int,
    degradations: DegradedClips? = nil, store: FoldStore? = nil
  ) {
    precondition(seeds.count == plans.count, "a plan for each seed")
    self.plans = plans
    validation = CrossValidation(
      experiment: experiment,
      trainings: zip(seeds, plans).flatMap { seed, plan in
        plan.all.map { split in
          .init(seed: seed, split: split, isDegraded: plan.folds.contains(split))
        }
      },
      jobs: jobs, degradations: degradations, store: store)
  }

  /// The tables.
  /// - Parameter reports: Of all trainings, in their order.
  /// - Throws: where the degraded clips are others than those of the folds.
  public func result(of reports: [FoldReport]) throws(ComparisonError) -> BenchmarkResult {
    precondition(reports.count == validation.trainings.count, "a report of each training")
    let all = BenchmarkReports(experiment: validation.experiment, plans: plans, reports)
    func table(_ part: BenchmarkReports.Part) -> BenchmarkTable? {
      BenchmarkTable(part.corpora, labels: all.labels, calibration: part.calibration)
    }
    return BenchmarkResult(
      name: validation.experiment.preset.name,
      seeds: Set(validation.trainings.map(\.seed)).sorted(),
      corpora: all.trainingCorpora, labels: all.labels,
      temperature: all.temperature?.temperature, neverHeard: table(all.neverHeard),
      folds: table(all.folds), degradations: try degradations(all), sentences: table(all.sentences),
      random: table(all.random))
  }

  /// - Throws: as `result`.
  private func degradations(
    _ all: BenchmarkReports
  ) throws(ComparisonError) -> [BenchmarkDegradation]? {
    guard let degradations = validation.degradations?.degradations, !degradations.isEmpty else {
      return nil
    }
    let clean = all.folds.corpora
    return try zip(degradations, all.degraded).map {
      degradation, degraded throws(ComparisonError) in
      try BenchmarkDegradation(degradation, degraded: degraded, clean: clean)
    }
  }

  /// UAR of each corpus that a training tests, among the corpus's labels that it can know.
  public func recalls(of report: FoldReport) -> [(corpus: String, uar: Double)] {
    let all = BenchmarkReports(experiment: validation.experiment, plans: plans, [report])
    return all.corpora(of: report).map { corpus in
      let matrix = ConfusionMatrix(
        labels: corpus.restriction.labels, outcomes: corpus.restriction(corpus.results))
      return (corpus.corpus, matrix.unweightedAverageRecall)
    }
  }

  /// What the trainings of folds and of corpora never heard say when they know earlier recordings of each speaker. The networks are
  /// those that were kept.
  /// - Parameters:
  ///   - reports: Of all trainings, in their order.
  ///   - progress: Is told how many trainings are done, and of how many.
  /// - Throws: as `CrossValidation.run`, where a network has to be trained again.
  public func voices(
    of reports: [FoldReport], progress: (_ done: Int, _ count: Int) -> Void
  ) async throws -> BenchmarkVoices {
    let all = BenchmarkReports(experiment: validation.experiment, plans: plans, reports)
    let measured = validation.trainings.filter { training in
      plans.contains { $0.folds.contains(training.split) || $0.neverHeard.contains(training.split) }
    }
    var results: [String: [[ClipResult]]] = [:]
    for (done, training) in measured.enumerated() {
      progress(done, measured.count)
      let fitted = try await validation.fit(training, { false }, { _ in })
      let examples = validation.experiment.examples
      let trial = await VoiceTrial(
        fitted, training: training.split.training.map { examples[$0] },
        clips: training.split.test.map { examples[$0] })
      var found: [[ClipResult]] = []
      for evidence in Evidence.all {
        found.append(await trial.results(knowing: evidence, seed: training.seed))
      }
      results["\(training.seed) \(training.split.name)"] = found
    }
    func rows(
      _ plain: BenchmarkReports.Part,
      _ part: ((FoldReport) -> [ClipResult]) -> BenchmarkReports.Part
    ) -> [BenchmarkEvidence]? {
      guard let plain = BenchmarkTable(plain.corpora, labels: all.labels, calibration: .none) else {
        return nil
      }
      return Evidence.all.enumerated().compactMap { place, evidence in
        let informed = part { results["\($0.seed) \($0.split.name)"]?[place] ?? [] }
        return BenchmarkTable(informed.corpora, labels: all.labels, calibration: .none).map {
          BenchmarkEvidence(evidence, informed: $0, plain: plain)
        }
      }
    }
    return BenchmarkVoices(
      neverHeard: rows(all.neverHeard, all.neverHeard(saying:)),
      folds: rows(all.folds, all.folds(saying:)))
  }
}
