public import EmotionFeatures
public import EmotionModel

/// What a training of a preset gave.
public struct FittedModel: Sendable {
  /// The preset's, with the statistics of the training part where it asks for them.
  public let frontEnd: FrontEnd
  /// The preset's network, or one that averages its members.
  public let network: Network
  public let weights: Weights
  /// Fitted on the validation parts; 1 without them.
  public let temperature: TemperatureScaling
  public let members: [TrainingResult]
  /// What each member says of the part that steered it.
  public let validation: [Outcome]

  public var wasInterrupted: Bool { members.contains(where: \.wasInterrupted) }
}

/// A preset with its features at hand, ready to be trained on parts of the same examples.
public struct Experiment: Sendable {
  public let preset: Preset
  public let network: Network
  public let examples: [TrainingExample]

  /// - Parameter examples: With features as the preset's front end extracts them.
  public init(preset: Preset, network: Network, examples: [TrainingExample]) {
    self.preset = preset
    self.network = network
    self.examples = examples
  }

  /// Trains on some examples; others decide when it is good and how sure it may be. Each further
  /// member of an ensemble is steered by other speakers of the two parts.
  public func fit(
    training: [Int], validation: [Int], seed: UInt64, checkpoint: CheckpointFile? = nil,
    resuming: Bool = false, shouldStop: @Sendable () -> Bool = { false },
    onEpoch: (EpochReport) -> Void = { _ in }
  ) async throws -> FittedModel {
    let frontEnd = try preset.frontEnd(fittedOn: training.lazy.map { examples[$0] })
    let parts = SteeringParts(
      examples, training: training, validation: validation, count: preset.training.members)
    var members: [TrainingResult] = []
    var logits: [[Float]] = []
    var judged: [TrainingExample] = []
    for (number, part) in parts.parts.enumerated() {
      var options = preset.training
      options.seed = RandomSource(seed: seed, number).seed
      let steering = part.validation.map { examples[$0] }
      let trainer = Trainer(
        network: network, frontEnd: frontEnd, options: options,
        training: part.training.map { examples[$0] }, validation: steering,
        checkpoint: checkpoint?.ofMember(number))
      let result = try await trainer.run(
        resuming: resuming, shouldStop: shouldStop, onEpoch: onEpoch)
      // One that was stopped before it had learned anything would only blur the others.
      if result.history.isEmpty && !members.isEmpty { break }
      members.append(result)
      logits += await network.logits(of: steering, frontEnd: frontEnd, weights: result.weights)
      judged += steering
      if result.wasInterrupted { break }
    }
    let (network, weights) = try network.averaging(members.map(\.weights))
    let temperature =
      judged.isEmpty
      ? TemperatureScaling(temperature: 1)
      : TemperatureScaling(logits: logits, targets: judged.map(\.label))
    return FittedModel(
      frontEnd: frontEnd, network: network, weights: weights, temperature: temperature,
      members: members,
      validation: zip(judged, logits).map { $0.outcome(temperature($1)) })
  }

  /// What a fitted model says of some examples; `seed` tells its training from others.
  public func outcomes(
    of fitted: FittedModel, on test: [Int], seed: UInt64? = nil
  ) async -> [Outcome] {
    let clips = test.map { examples[$0] }
    let logits = await fitted.network.logits(
      of: clips, frontEnd: fitted.frontEnd, weights: fitted.weights)
    return zip(clips, logits).map { $0.outcome(fitted.temperature($1), seed: seed) }
  }
}

extension TrainingExample {
  fileprivate func outcome(_ probabilities: [Float], seed: UInt64? = nil) -> Outcome {
    Outcome(
      clip: clip.path, speaker: clip.speaker, target: label, probabilities: probabilities,
      seed: seed)
  }
}
