import Corpora
public import Evaluation
public import FileIO
public import Training

/// How one fold of one seed went.
public struct FoldReport: Sendable {
  public let seed: UInt64
  public let split: Split
  public let outcomes: [ClipResult]
  public let report: EvaluationReport
  /// The epoch whose weights were judged, of each member.
  public let epochs: [Int]
  /// The epochs of each member's training.
  public let histories: [[EpochReport]]
  /// Of the same clips under each degradation, in the order of the degradations.
  public let degraded: [[ClipResult]]
  /// Why it could not be kept, where it should have been.
  public internal(set) var unkept: FileError?
}

/// Trains a preset once for each fold and seed and judges it on what it has not met.
public struct CrossValidation: Sendable {
  public let experiment: Experiment
  public let seeds: [UInt64]
  /// Those of each seed: what a seed draws at random, it draws for the parts too.
  public let splits: [[Split]]
  /// Trainings that run side by side. Their results do not depend on it.
  public let jobs: Int
  /// Under which degradations besides the recordings' own; nil for none.
  public let degradations: DegradedClips?
  /// Where folds are kept as they end; nil for nowhere.
  private let store: FoldStore?
  /// Of the preset and all clips, for what is kept.
  let digest: String
  /// In the order of seeds and splits: folds that were kept of an earlier run.
  public private(set) var known: [FoldReport?] = []

  public init(
    experiment: Experiment, seeds: [UInt64], splits: [[Split]], jobs: Int,
    degradations: DegradedClips? = nil, store: FoldStore? = nil
  ) {
    precondition(seeds.count == splits.count, "splits of each seed")
    self.experiment = experiment
    self.splits = splits
    self.seeds = seeds
    self.jobs = jobs
    self.degradations = degradations
    self.store = store
    digest = store == nil ? "" : experiment.digest
    known = plan.map { seed, split in store?.read(split, seed: seed, of: self) }
  }

  private var plan: [(seed: UInt64, split: Split)] {
    zip(seeds, splits).flatMap { seed, splits in splits.map { (seed, $0) } }
  }

  /// All folds of all seeds, in the order of seeds and splits. `onFold` is told of each as it ends, those known already left out.
  public func run(
    shouldStop: @escaping @Sendable () -> Bool = { false },
    onEpoch: @escaping @Sendable (_ seed: UInt64, _ split: Split, EpochReport) -> Void = {
      _, _, _ in
    },
    onFold: (FoldReport) -> Void = { _ in }
  ) async throws -> [FoldReport] {
    let plan = plan
    var reports = known
    var waiting = plan.indices.filter { known[$0] == nil }[...]
    try await withThrowingTaskGroup(of: (Int, FoldReport)?.self) { group in
      func start(_ place: Int) {
        group.addTask {
          let (seed, split) = plan[place]
          let report = try await fold(split, seed, shouldStop) { onEpoch(seed, split, $0) }
          return report.map { (place, $0) }
        }
      }
      for _ in 0..<min(jobs, waiting.count) { start(waiting.removeFirst()) }
      for try await done in group {
        if case (let place, var report)? = done {
          do throws(FileError) {
            try store?.write(report, of: self)
          } catch {
            report.unkept = error
          }
          reports[place] = report
          onFold(report)
        }
        if !waiting.isEmpty, !shouldStop() { start(waiting.removeFirst()) }
      }
    }
    return reports.compactMap(\.self)
  }

  /// Nil when it was stopped before its end: half a training is no result.
  private func fold(
    _ split: Split, _ seed: UInt64, _ shouldStop: @escaping @Sendable () -> Bool,
    _ onEpoch: @escaping (EpochReport) -> Void
  ) async throws -> FoldReport? {
    let fitted = try await experiment.fit(
      training: split.training, validation: split.validation, seed: seed,
      control: .init(shouldStop: shouldStop, onEpoch: onEpoch))
    if fitted.wasInterrupted { return nil }
    let test = split.test.map { experiment.examples[$0] }
    let outcomes = await fitted.results(on: test, seed: seed)
    var degraded: [[ClipResult]] = []
    for examples in try await degradations?.examples(of: test) ?? [] {
      degraded.append(await fitted.results(on: examples, seed: seed))
    }
    return FoldReport(
      seed: seed, split: split, outcomes: outcomes,
      report: EvaluationReport(labels: experiment.preset.labels.labels, outcomes: outcomes),
      epochs: fitted.trainings.map(\.epoch), histories: fitted.trainings.map(\.history),
      degraded: degraded)
  }
}
