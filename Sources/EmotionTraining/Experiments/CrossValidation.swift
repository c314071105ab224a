/// How one fold of one seed went.
public struct FoldReport: Sendable {
  public let seed: UInt64
  public let split: Split
  public let outcomes: [Outcome]
  public let report: EvaluationReport
  /// The epoch whose weights were judged, of each member.
  public let epochs: [Int]
  /// The epochs of each member's training.
  public let histories: [[EpochReport]]
  /// Of the same clips under each condition, in the order of the conditions.
  public let conditioned: [[Outcome]]
}

/// Trains a preset once for each fold and seed and judges it on what it has not met.
public struct CrossValidation: Sendable {
  public let experiment: Experiment
  public let seeds: [UInt64]
  /// Those of each seed: what a seed draws at random, it draws for the parts too.
  public let splits: [[Split]]
  /// Trainings that run side by side. Their results do not depend on it.
  public let jobs: Int
  /// Under which conditions besides the recordings' own; nil for none.
  public let conditions: ConditionedClips?

  public init(
    experiment: Experiment, seeds: [UInt64], splits: [[Split]], jobs: Int,
    conditions: ConditionedClips? = nil
  ) {
    precondition(seeds.count == splits.count, "splits of each seed")
    self.experiment = experiment
    self.splits = splits
    self.seeds = seeds
    self.jobs = jobs
    self.conditions = conditions
  }

  /// All folds of all seeds, in the order of seeds and splits. `onFold` is told of each as it ends.
  public func run(
    shouldStop: @escaping @Sendable () -> Bool = { false },
    onEpoch: @escaping @Sendable (_ seed: UInt64, _ split: Split, EpochReport) -> Void = {
      _, _, _ in
    },
    onFold: (FoldReport) -> Void = { _ in }
  ) async throws -> [FoldReport] {
    let plan = zip(seeds, splits).flatMap { seed, splits in splits.map { (seed, $0) } }
    var reports = [FoldReport?](repeating: nil, count: plan.count)
    try await withThrowingTaskGroup(of: (Int, FoldReport)?.self) { group in
      func start(_ place: Int) {
        group.addTask {
          let (seed, split) = plan[place]
          let report = try await fold(split, seed, shouldStop) { onEpoch(seed, split, $0) }
          return report.map { (place, $0) }
        }
      }
      var next = min(jobs, plan.count)
      for place in 0..<next { start(place) }
      for try await done in group {
        if let (place, report) = done {
          reports[place] = report
          onFold(report)
        }
        if next < plan.count, !shouldStop() {
          start(next)
          next += 1
        }
      }
    }
    return reports.compactMap(\.self)
  }

  /// Nil when it was stopped before its end: half a training is no result.
  private func fold(
    _ split: Split, _ seed: UInt64, _ shouldStop: @Sendable () -> Bool,
    _ onEpoch: (EpochReport) -> Void
  ) async throws -> FoldReport? {
    let fitted = try await experiment.fit(
      training: split.training, validation: split.validation, seed: seed, shouldStop: shouldStop,
      onEpoch: onEpoch)
    if fitted.wasInterrupted { return nil }
    let test = split.test.map { experiment.examples[$0] }
    let outcomes = await fitted.outcomes(on: test, seed: seed)
    var conditioned: [[Outcome]] = []
    for examples in try await conditions?.examples(of: test) ?? [] {
      conditioned.append(await fitted.outcomes(on: examples, seed: seed))
    }
    return FoldReport(
      seed: seed, split: split, outcomes: outcomes,
      report: EvaluationReport(labels: experiment.preset.labels.labels, outcomes: outcomes),
      epochs: fitted.members.map(\.epoch), histories: fitted.members.map(\.history),
      conditioned: conditioned)
  }
}
