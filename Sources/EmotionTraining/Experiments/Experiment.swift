public import EmotionFeatures
public import EmotionModel

/// One training of a preset and what came of it.
public struct FittedModel: Sendable {
  public let result: TrainingResult
  /// Fitted on the validation part; 1 without one.
  public let temperature: TemperatureScaling
}

/// A preset with its features at hand, ready to be trained on parts of the same examples.
public struct Experiment: Sendable {
  public let preset: Preset
  public let network: Network
  public let frontEnd: FrontEnd
  public let examples: [TrainingExample]

  public init(
    preset: Preset, network: Network, frontEnd: FrontEnd, examples: [TrainingExample]
  ) {
    self.preset = preset
    self.network = network
    self.frontEnd = frontEnd
    self.examples = examples
  }

  /// Trains on some examples; others decide when it is good and how sure it may be.
  public func fit(
    training: [Int], validation: [Int], seed: UInt64, checkpoint: CheckpointFile? = nil,
    resuming: Bool = false, shouldStop: @Sendable () -> Bool = { false },
    onEpoch: (EpochReport) -> Void = { _ in }
  ) async throws -> FittedModel {
    var options = preset.training
    options.seed = seed
    let steering = validation.map { examples[$0] }
    let trainer = Trainer(
      network: network, frontEnd: frontEnd, options: options,
      training: training.map { examples[$0] }, validation: steering, checkpoint: checkpoint)
    let result = try await trainer.run(
      resuming: resuming, shouldStop: shouldStop, onEpoch: onEpoch)
    guard !steering.isEmpty else {
      return FittedModel(result: result, temperature: .init(temperature: 1))
    }
    let logits = await network.logits(of: steering, frontEnd: frontEnd, weights: result.weights)
    return FittedModel(
      result: result,
      temperature: TemperatureScaling(logits: logits, targets: steering.map(\.label)))
  }

  /// What a fitted model says of some examples.
  public func outcomes(of fitted: FittedModel, on test: [Int]) async -> [Outcome] {
    let clips = test.map { examples[$0] }
    let logits = await network.logits(
      of: clips, frontEnd: frontEnd, weights: fitted.result.weights)
    return zip(clips, logits).map { example, row in
      Outcome(
        clip: example.clip.path, speaker: example.clip.speaker, target: example.label,
        probabilities: fitted.temperature(row))
    }
  }
}
