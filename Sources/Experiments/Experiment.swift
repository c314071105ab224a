import Corpora
import Evaluation
import Features
import LinearAlgebra
import NeuralNetwork
public import Training

/// A preset with its features at hand, ready to be trained on parts of the same examples.
public struct Experiment: Sendable {
  /// What is trained.
  public let preset: Preset
  /// All clips there are; parts of them are named by their indices.
  public let examples: [TrainingExample]
  private let teachers: [MemberRun]
  private let runs: [MemberRun]
  private let vectors = VectorStore()

  /// - Parameter examples: With features as the preset's `extractor()` gives them.
  /// - Throws: a `NetworkError` or a `FeatureError` where the preset's members do not fit its features or labels.
  public init(preset: Preset, examples: [TrainingExample]) throws {
    self.preset = preset
    self.examples = examples
    teachers = try preset.runs(of: preset.teachers)
    runs = try preset.runs()
  }

  /// The corpora that are only trained on.
  public var auxiliary: Set<String> {
    Set(examples.filter(\.isAuxiliary).map(\.clip.corpus))
  }

  /// How a training is followed and ended.
  public struct Control {
    var checkpoint: CheckpointFile?
    var resuming: Bool
    var shouldStop: @Sendable () -> Bool
    var onEpoch: (EpochReport) -> Void

    /// - Parameters:
    ///   - checkpoint: Where the state of each run is kept; nil for nowhere.
    ///   - resuming: Goes on from checkpoints.
    ///   - shouldStop: Ends the training early; asked before each step.
    ///   - onEpoch: Is told of each epoch.
    public init(
      checkpoint: CheckpointFile? = nil, resuming: Bool = false,
      shouldStop: @escaping @Sendable () -> Bool = { false },
      onEpoch: @escaping (EpochReport) -> Void = { _ in }
    ) {
      self.checkpoint = checkpoint
      self.resuming = resuming
      self.shouldStop = shouldStop
      self.onEpoch = onEpoch
    }
  }

  /// Trains on some examples; others decide when it is good and how sure it may be. With `refit`, each member is then
  /// trained once more on both parts together, to its last epoch.
  /// - Parameters:
  ///   - training: Indices of examples to train on.
  ///   - validation: Indices of examples that decide. Without any, the last epoch's weights are taken, with temperature 1.
  /// - Throws: `TrainingError.diverged`; a `CheckpointError` where a checkpoint cannot be read or written, or is of another training; a
  ///   `FeatureError` where the features cannot be normalised.
  public func fit(
    training: [Int], validation: [Int], seed: UInt64, control: Control = Control()
  ) async throws -> FittedModel {
    let first = try await train(training, validation, seed: seed, control)
    let model = await model(first, taught: training, validation)
    guard preset.refit, !validation.isEmpty, !model.wasInterrupted else { return model }
    let both = training + validation
    let second = try await train(both, [], seed: seed, control, refitting: first)
    var refitted = await self.model(second, taught: both, [])
    // Stopped before the end, the second training is worse than the first.
    if refitted.wasInterrupted { refitted = model }
    refitted.trainings = (first.all + second.all).map(\.result)
    refitted.temperature = model.temperature
    refitted.validation = model.validation
    return refitted
  }

  /// Deletes the checkpoints of all runs, when they have come to their end.
  public func removeCheckpoints(_ checkpoint: CheckpointFile) {
    for run in teachers + runs {
      for isRefit in [false, true] {
        checkpoint.of(run: run.member.checkpointName(isRefit: isRefit)).remove()
      }
    }
  }

  /// A member and what its training gave.
  private struct TrainedMember {
    let member: FittedModel.Member
    let result: TrainingResult
  }

  private struct TrainedSystem {
    var teachers: [TrainedMember] = []
    var members: [TrainedMember] = []

    var all: [TrainedMember] { teachers + members }
  }

  /// Trains the teachers, then the members.
  /// - Parameter pilots: What the first trainings gave, when these are the second.
  /// - Throws: as `fit`.
  private func train(
    _ training: [Int], _ validation: [Int], seed: UInt64, _ control: Control,
    refitting pilots: TrainedSystem? = nil
  ) async throws -> TrainedSystem {
    let fitted = try preset.frontEnd(
      fittedOn: training.map { examples[$0] }.including(runs[0].member.training.auxiliary))
    /// - Throws: as `fit`.
    func train(
      _ runs: [MemberRun], on examples: [TrainingExample], _ pilots: [TrainedMember]?
    ) async throws -> [TrainedMember] {
      try await self.train(
        runs, fitted, examples, training, validation, seed: seed, control, refitting: pilots)
    }
    let teachers = try await train(teachers, on: examples, pilots?.teachers)
    // Stopped before the members have learned anything, the teachers are the best that there is.
    if teachers.contains(where: \.result.wasInterrupted) { return TrainedSystem(members: teachers) }
    let taught = await examples.taught(by: teachers.map(\.member), at: training)
    let members = try await train(runs, on: taught, pilots?.members)
    return TrainedSystem(teachers: teachers, members: members)
  }

  /// Trains some networks one after the other.
  ///
  /// - Throws: as `fit`.
  private func train(
    _ runs: [MemberRun], _ fitted: FrontEnd, _ examples: [TrainingExample], _ training: [Int],
    _ validation: [Int], seed: UInt64, _ control: Control, refitting pilots: [TrainedMember]?
  ) async throws -> [TrainedMember] {
    var trained: [TrainedMember] = []
    for (place, run) in runs.enumerated() {
      let isRefit = pilots != nil
      let frontEnd = try run.frontEnd(of: fitted)
      let inputs = await inputs(of: run, frontEnd, examples)
      var options = run.member.training
      if isRefit { options.epochs = options.refitEpochs }
      let trainer = Trainer(
        network: run.network, frontEnd: frontEnd, options: options,
        seed: run.member.seed(of: seed, isRefit: isRefit),
        training: training.map { inputs[$0] }.including(options.auxiliary),
        validation: validation.map { inputs[$0] }, heads: run.heads, channels: run.member.channels,
        start: options.refitEpochFraction < 1 ? pilots?[place].result.weights : nil,
        checkpoint: control.checkpoint?.of(run: run.member.checkpointName(isRefit: isRefit)))
      let result = try await trainer.run(
        resuming: control.resuming, shouldStop: control.shouldStop, onEpoch: control.onEpoch)
      // One that was stopped before it had learned anything would only blur the others.
      if result.history.isEmpty && place > 0 { break }
      let member = FittedModel.Member(
        id: run.member.id, weight: run.member.weight, frontEnd: frontEnd,
        channels: run.member.channels, network: run.taught, weights: run.taught(result.weights))
      trained.append(TrainedMember(member: member, result: result))
      if result.wasInterrupted { break }
    }
    return trained
  }

  /// What a member learns from: the examples, or their functionals.
  private func inputs(
    of run: MemberRun, _ frontEnd: FrontEnd, _ examples: [TrainingExample]
  ) async -> [TrainingExample] {
    guard run.member.functionals != nil else { return examples }
    return await vectors.examples(
      self.examples, frontEnd, channels: run.member.channels, run.member.training)
  }

  private func model(
    _ trained: TrainedSystem, taught: [Int], _ validation: [Int]
  ) async -> FittedModel {
    let members = trained.members.map(\.member)
    let deciding = validation.map { examples[$0] }
    let logits = await members.logits(of: deciding)
    let temperature =
      deciding.isEmpty
      ? TemperatureScaling(temperature: 1)
      : TemperatureScaling(logits: logits, targets: deciding.map(\.label))
    return FittedModel(
      members: members, temperature: temperature, trainings: trained.all.map(\.result),
      taught: taught, validation: zip(deciding, logits).map { $0.result(temperature($1)) })
  }
}

extension Preset.Member {
  fileprivate func checkpointName(isRefit: Bool) -> String { isRefit ? id + ".refit" : id }

  /// Depends on its id, not on its place among others: FNV-1a of the id's bytes tells members apart.
  fileprivate func seed(of experiment: UInt64, isRefit: Bool) -> UInt64 {
    let hash = id.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    return RandomSource(seed: experiment ^ hash, isRefit ? 1 : 0).seed
  }
}
