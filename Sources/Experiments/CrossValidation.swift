import Corpora
public import Evaluation
public import FileIO
public import Training

/// How one training of one split went.
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

/// Trains a preset once for each split and seed and measures it on what was not in its training.
public struct CrossValidation: Sendable {
  /// One of the trainings.
  public struct Training: Sendable {
    /// Of its random numbers.
    public let seed: UInt64
    /// Which clips train, decide and are tested.
    public let split: Split
    /// Whether it is measured under degradations too.
    public let isDegraded: Bool

    /// Measured under the degradations of the cross-validation, if not said otherwise.
    public init(seed: UInt64, split: Split, isDegraded: Bool = true) {
      self.seed = seed
      self.split = split
      self.isDegraded = isDegraded
    }
  }

  /// What is trained.
  public let experiment: Experiment
  /// In the order of their reports.
  public let trainings: [Training]
  /// Trainings that run side by side. Their results do not depend on it.
  public let jobs: Int
  /// Under which degradations besides the recordings' own; nil for none.
  public let degradations: DegradedClips?
  /// Where trainings are kept as they end; nil for nowhere.
  private let store: FoldStore?
  /// Of the preset and all clips, for what is kept.
  let digest: String
  /// In the order of the trainings: what was kept of an earlier run.
  public private(set) var known: [FoldReport?] = []

  /// Reads the trainings that `store` has kept of an earlier run.
  /// - Parameters:
  ///   - jobs: Trainings that run side by side.
  ///   - degradations: What else those trainings are measured on that ask for it; nil for the recordings as they are.
  ///   - store: Where trainings are kept as they end; nil for nowhere.
  public init(
    experiment: Experiment, trainings: [Training], jobs: Int,
    degradations: DegradedClips? = nil, store: FoldStore? = nil
  ) {
    self.experiment = experiment
    self.trainings = trainings
    self.jobs = jobs
    self.degradations = degradations
    self.store = store
    digest = store == nil ? "" : experiment.digest
    known = trainings.map { store?.read($0, of: self) }
  }

  /// Clips of which features under degradations are in memory at a time.
  private static let chunk = 64

  /// The reports of all trainings, in their order, without those that were stopped before their end.
  /// - Parameters:
  ///   - shouldStop: Ends the trainings that run and starts no other; asked before each step.
  ///   - onEpoch: Is told of each epoch of each member, from any thread.
  ///   - onFold: Is told of each training as it ends, those known already left out.
  /// - Throws: as `Experiment.fit`; an `UnusableClip` where a clip gives no features under a degradation. A training that cannot be
  ///   kept is no error: its report says so.
  public func run(
    shouldStop: @escaping @Sendable () -> Bool = { false },
    onEpoch: @escaping @Sendable (_ seed: UInt64, _ split: Split, EpochReport) -> Void = {
      _, _, _ in
    },
    onFold: (FoldReport) -> Void = { _ in }
  ) async throws -> [FoldReport] {
    var reports = known
    var waiting = trainings.indices.filter { known[$0] == nil }[...]
    try await withThrowingTaskGroup(of: (Int, FoldReport)?.self) { group in
      func start(_ place: Int) {
        group.addTask {
          let training = trainings[place]
          let report = try await report(training, shouldStop) {
            onEpoch(training.seed, training.split, $0)
          }
          return report.map { (place, $0) }
        }
      }
      for _ in 0..<min(jobs, waiting.count) { start(waiting.removeFirst()) }
      for try await done in group {
        if case (let place, var report)? = done {
          do throws(FileError) {
            try store?.write(report, trainings[place], of: self)
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
  private func report(
    _ training: Training, _ shouldStop: @escaping @Sendable () -> Bool,
    _ onEpoch: @escaping (EpochReport) -> Void
  ) async throws -> FoldReport? {
    let (seed, split) = (training.seed, training.split)
    let fitted = try await fit(training, shouldStop, onEpoch)
    if fitted.wasInterrupted { return nil }
    let test = split.test.map { experiment.examples[$0] }
    let outcomes = await fitted.results(on: test, seed: seed)
    return FoldReport(
      seed: seed, split: split, outcomes: outcomes,
      report: EvaluationReport(labels: experiment.preset.labels.labels, outcomes: outcomes),
      epochs: fitted.trainings.map(\.epoch), histories: fitted.trainings.map(\.history),
      degraded: training.isDegraded ? try await degraded(test, fitted, seed) : [])
  }

  /// Goes on from the checkpoint of a training that was cut, or that ended, where there is one.
  /// - Throws: as `Experiment.fit`, but where the checkpoint is of no use.
  func fit(
    _ training: Training, _ shouldStop: @escaping @Sendable () -> Bool,
    _ onEpoch: @escaping (EpochReport) -> Void
  ) async throws -> FittedModel {
    let checkpoint = store?.checkpoint(training, of: self)
    /// - Throws: as `Experiment.fit`.
    func fit(resuming: Bool) async throws -> FittedModel {
      try await experiment.fit(
        training: training.split.training, validation: training.split.validation,
        seed: training.seed,
        control: .init(
          checkpoint: checkpoint, resuming: resuming, shouldStop: shouldStop, onEpoch: onEpoch))
    }
    do {
      return try await fit(resuming: checkpoint != nil)
    } catch let error as CheckpointError {
      store?.warn("\(error); it begins anew")
      return try await fit(resuming: false)
    }
  }

  /// What it says of clips under each degradation. Features of all clips at once would not fit into the memory.
  /// - Throws: an `UnusableClip` where a clip gives no features under one.
  private func degraded(
    _ test: [TrainingExample], _ fitted: FittedModel, _ seed: UInt64
  ) async throws -> [[ClipResult]] {
    guard let degradations else { return [] }
    var results = [[ClipResult]](repeating: [], count: degradations.degradations.count)
    for start in stride(from: 0, to: test.count, by: Self.chunk) {
      let part = Array(test[start..<min(start + Self.chunk, test.count)])
      for (place, examples) in try await degradations.examples(of: part).enumerated() {
        results[place] += await fitted.results(on: examples, seed: seed)
      }
    }
    return results
  }
}
