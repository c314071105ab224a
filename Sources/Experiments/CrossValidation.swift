import Corpora
public import Evaluation
public import FileIO
public import Training

/// How one fold of one seed went.
public struct FoldReport: Sendable {
  /// Of the training's random numbers.
  public let seed: UInt64
  /// Which clips trained, decided and tested.
  public let split: Split
  /// What the model says of each test clip, in the order of the split's.
  public let outcomes: [ClipResult]
  /// The figures of `outcomes`.
  public let report: EvaluationReport
  /// The epoch whose weights were measured, of each member.
  public let epochs: [Int]
  /// The epochs of each member's training.
  public let histories: [[EpochReport]]
  /// What it says of the same clips under each degradation: (degradations, clips), in the order of the degradations.
  public let degraded: [[ClipResult]]
  /// Why it could not be kept, where it should have been.
  public internal(set) var unkept: FileError?
}

/// Trains a preset once for each fold and seed and measures it on what was not in its training.
public struct CrossValidation: Sendable {
  /// What is trained.
  public let experiment: Experiment
  /// One training a fold for each.
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

  /// Reads the folds that `store` has kept of an earlier run.
  /// - Parameters:
  ///   - splits: The folds of each seed, in the order of `seeds`.
  ///   - jobs: Trainings that run side by side.
  ///   - degradations: What else is measured on; nil for the recordings as they are.
  ///   - store: Where folds are kept as they end; nil for nowhere.
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

  /// All folds of all seeds, in the order of seeds and splits, without those that were stopped before their end.
  /// - Parameters:
  ///   - shouldStop: Ends the trainings that run and starts no other; asked before each step.
  ///   - onEpoch: Is told of each epoch of each member, from any thread.
  ///   - onFold: Is told of each fold as it ends, those known already left out.
  /// - Throws: as `Experiment.fit`; an `UnusableClip` where a clip gives no features under a degradation. A fold that cannot be kept
  ///   is no error: its report says so.
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
  /// - Throws: as `run`.
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
