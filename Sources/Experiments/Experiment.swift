import Corpora
public import Evaluation
public import Features
import LinearAlgebra
public import NeuralNetwork
public import Training

/// What a training of a preset gave.
public struct FittedModel: Sendable {
  /// The preset's, with the statistics of the training part where it asks for them.
  public let frontEnd: FrontEnd
  /// The preset's network, or one that adds up its members and companions.
  public let network: Network
  public let weights: Weights
  /// Fitted on the validation part; 1 without one.
  public internal(set) var temperature: TemperatureScaling
  /// Every training there was, in the order in which they ran.
  public internal(set) var members: [TrainingResult]
  /// The examples that taught the weights.
  public let taught: [Int]
  /// What the first training says of the validation part, which it has not learned from.
  public internal(set) var validation: [Outcome]

  public var wasInterrupted: Bool { members.contains(where: \.wasInterrupted) }
}

/// A preset with its features at hand, ready to be trained on parts of the same examples.
public struct Experiment: Sendable {
  public let preset: Preset
  public let network: Network
  public let examples: [TrainingExample]
  private let groups: [MemberGroup]
  private let vectors = VectorStore()

  /// - Parameter examples: With features as the preset's front end extracts them.
  public init(
    preset: Preset, network: Network, examples: [TrainingExample]
  ) throws(NetworkError) {
    self.preset = preset
    self.network = network
    self.examples = examples
    groups = try preset.groups()
  }

  /// Trains on some examples; others decide when it is good and how sure it may be. With `refit`, all is then trained once
  /// more on both parts together, to its last epoch.
  public func fit(
    training: [Int], validation: [Int], seed: UInt64, checkpoint: CheckpointFile? = nil,
    resuming: Bool = false, shouldStop: @Sendable () -> Bool = { false },
    onEpoch: (EpochReport) -> Void = { _ in }
  ) async throws -> FittedModel {
    func run(
      _ training: [Int], _ validation: [Int], after earlier: [TrainingResult]
    ) async throws -> FittedModel {
      try await fitOnce(
        training, validation, after: earlier, seed: seed, checkpoint: checkpoint,
        resuming: resuming, shouldStop: shouldStop, onEpoch: onEpoch)
    }
    let pilot = try await run(training, validation, after: [])
    guard preset.training.refit, !validation.isEmpty, !pilot.wasInterrupted else { return pilot }
    var fitted = try await run(training + validation, [], after: pilot.members)
    // Stopped before the end, the second training is worse than the first.
    if fitted.wasInterrupted {
      var kept = pilot
      kept.members += fitted.members
      return kept
    }
    fitted.temperature = pilot.temperature
    fitted.validation = pilot.validation
    fitted.members = pilot.members + fitted.members
    return fitted
  }

  /// - Parameter earlier: What an earlier training of the same members gave; their number tells these members' seeds and
  ///   checkpoints from those.
  private func fitOnce(
    _ training: [Int], _ validation: [Int], after earlier: [TrainingResult], seed: UInt64,
    checkpoint: CheckpointFile?,
    resuming: Bool, shouldStop: @Sendable () -> Bool, onEpoch: (EpochReport) -> Void
  ) async throws -> FittedModel {
    let frontEnd = try preset.frontEnd(
      fittedOn: training.map { examples[$0] }.treating(preset.training.helpers))
    var members: [TrainingResult] = []
    var fitted: [Ensemble.Group] = []
    for (place, group) in groups.enumerated() {
      let heard = try await vectors.examples(of: group, at: place, examples, frontEnd)
      var weights: [Weights] = []
      for number in 0..<group.options.members {
        let member = earlier.count + members.count
        var options = group.options
        options.seed = RandomSource(seed: seed, member).seed
        let pilot = earlier.isEmpty ? nil : earlier[members.count]
        if pilot != nil { options.epochs = options.refitEpochs }
        let trainer = Trainer(
          network: group.network, frontEnd: try group.hears(frontEnd), options: options,
          training: training.map { heard[$0] }.treating(group.options.helpers),
          validation: validation.map { heard[$0] }, heads: group.heads,
          planes: group.functionals == nil ? group.planes : nil,
          start: options.refitShare < 1 ? pilot?.weights : nil,
          checkpoint: checkpoint?.ofMember(member))
        let result = try await trainer.run(
          resuming: resuming, shouldStop: shouldStop, onEpoch: onEpoch)
        // One that was stopped before it had learned anything would only blur the others.
        if result.history.isEmpty && number > 0 { break }
        members.append(result)
        weights.append(result.weights)
        if result.wasInterrupted { break }
      }
      fitted.append(group.fitted(weights))
      if members.last?.wasInterrupted ?? false { break }
    }
    let ensemble = try Ensemble(
      fitted, bands: preset.features.bands, channels: preset.features.channels)
    let steering = validation.map { examples[$0] }
    let logits = await ensemble.network.logits(
      of: steering, frontEnd: frontEnd, weights: ensemble.weights)
    let temperature =
      steering.isEmpty
      ? TemperatureScaling(temperature: 1)
      : TemperatureScaling(logits: logits, targets: steering.map(\.label))
    return FittedModel(
      frontEnd: frontEnd, network: ensemble.network, weights: ensemble.weights,
      temperature: temperature, members: members, taught: training,
      validation: zip(steering, logits).map { $0.outcome(temperature($1)) })
  }
}

extension FittedModel {
  /// What it says of some examples; `seed` tells its training from others.
  public func outcomes(on examples: [TrainingExample], seed: UInt64? = nil) async -> [Outcome] {
    let logits = await network.logits(of: examples, frontEnd: frontEnd, weights: weights)
    return zip(examples, logits).map { $0.outcome(temperature($1), seed: seed) }
  }
}

extension TrainingExample {
  fileprivate func outcome(_ probabilities: [Float], seed: UInt64? = nil) -> Outcome {
    Outcome(
      clip: clip.path, speaker: clip.speaker, target: label, probabilities: probabilities,
      seed: seed)
  }
}
