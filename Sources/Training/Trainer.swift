import Augmentation
import Corpora
package import Features
import Foundation
import Hashing
public import NeuralNetwork

/// How an epoch went.
public struct EpochReport: Codable, Sendable, Equatable {
  /// Counted from 1.
  public var epoch: Int
  /// How many the training has.
  public var epochs: Int
  /// Of the epoch's last step.
  public var learningRate: Float
  /// Mean cross-entropy of the varied training clips, in nats.
  public var trainingLoss: Double
  /// Fraction of the varied training clips that were recognised while they were learned from.
  public var trainingAccuracy: Double
  /// Mean cross-entropy of the validation part, in nats; nil without one.
  public var validationLoss: Double?
  /// Fraction of the validation part that is recognised; nil without one.
  public var validationAccuracy: Double?
  /// Unweighted average recall on the validation part; nil without one.
  public var validationUAR: Double?
  /// Whether its weights are the best so far.
  public var isBest: Bool
  /// Wall time of this epoch, validation included.
  public var seconds: Double
}

/// What came of a training.
public struct TrainingResult: Sendable {
  /// Those of `epoch`: averaged over the steps where the options say so.
  public let weights: Weights
  /// The epoch the weights are of.
  public let epoch: Int
  /// One report for each epoch that was run to its end, those before a checkpoint included.
  public let history: [EpochReport]
  /// Whether it was ended from outside.
  public let wasInterrupted: Bool
}

/// Trains a network from scratch by backpropagation, on all cores. The same examples, options and
/// seed give the same weights, whether interrupted and resumed or not.
public struct Trainer: Sendable {
  /// What all steps share.
  package let context: TrainingContext
  let training: [TrainingExample]
  let validation: [TrainingExample]
  let checkpoint: CheckpointFile?
  /// Weights to begin with, if not at random.
  let start: Weights?

  /// - Parameters:
  ///   - frontEnd: The network's own; the examples hold vectors where it gives functionals.
  ///   - training: What weights are learned from.
  ///   - validation: What decides which epoch's weights are kept; none keeps the last ones.
  ///   - heads: What the network's outputs answer; the classes alone, if not said.
  ///   - channels: Which of the examples' channels network and front end take; all, if not said.
  ///   - start: Weights of an earlier training to go on from.
  ///   - checkpoint: Where the state is kept after each epoch; nil for nowhere.
  /// - Precondition: there is something to train on.
  package init(
    network: Network, frontEnd: FrontEnd, options: TrainingOptions, seed: UInt64,
    training: [TrainingExample], validation: [TrainingExample], heads: OutputHeads? = nil,
    channels: [Int]? = nil, start: Weights? = nil, checkpoint: CheckpointFile? = nil
  ) {
    precondition(!training.isEmpty, "there is nothing to learn from")
    let classes = heads?.classes ?? network.output.size
    context = TrainingContext(
      network: network, frontEnd: frontEnd, options: options,
      heads: heads ?? OutputHeads(classes: classes, intensity: 0),
      labels: CorpusLabels.all(
        of: training, classes: classes, weighing: options.classWeights),
      channels: channels,
      styles: options.augmentation.speakerStyleChance > 0
        ? SpeakerStyles(of: training) { $0.selecting(channels) } : nil,
      partners: options.augmentation.joinChance > 0 ? ClipPartners(of: training) : nil,
      seed: seed,
      clips: checkpoint == nil ? "" : digest(of: [training, validation]))
    self.training = training
    self.validation = validation
    self.checkpoint = checkpoint
    self.start = start
  }

  /// Runs to the end, or until `shouldStop` says so (asked before each step): then the best weights so far are returned and the
  /// checkpoint is that of the last whole epoch.
  /// - Throws: `TrainingError.diverged`, or a `CheckpointError` where the checkpoint cannot be read or written, or is of another
  ///   training.
  public func run(
    resuming: Bool = false, shouldStop: @Sendable () -> Bool = { false },
    onEpoch: (EpochReport) -> Void = { _ in }
  ) async throws -> TrainingResult {
    var state = TrainingState(start ?? context.initialWeights(for: training))
    if resuming, let saved = try checkpoint?.read(context) { state = saved }
    while state.epoch < context.options.epochs, !isStale(state) {
      guard let next = try await epoch(after: state, shouldStop) else {
        return result(state, wasInterrupted: true)
      }
      state = next
      try checkpoint?.write(state, context)
      if let report = state.history.last { onEpoch(report) }
    }
    return result(state, wasInterrupted: false)
  }

  private func result(_ state: TrainingState, wasInterrupted: Bool) -> TrainingResult {
    TrainingResult(
      weights: state.best?.weights ?? state.measured(context.options),
      epoch: state.best?.epoch ?? state.epoch, history: state.history,
      wasInterrupted: wasInterrupted)
  }

  /// Whether the validation result has not risen for `patience` epochs.
  private func isStale(_ state: TrainingState) -> Bool {
    guard context.options.patience > 0, let best = state.best else { return false }
    return state.epoch - best.epoch >= context.options.patience
  }

  /// The state after one more epoch; nil when stopped in the middle of it.
  /// - Throws: `diverged` where a loss is not finite.
  private func epoch(
    after state: TrainingState, _ shouldStop: @Sendable () -> Bool
  ) async throws(TrainingError) -> TrainingState? {
    var state = state
    let options = context.options
    let start = ContinuousClock.now
    let plan = EpochPlan(
      training, options: options, seed: context.seed, epoch: state.epoch)
    let steps = EpochPlan.stepsPerEpoch(training, options: options) * options.epochs
    var (loss, weight, correct, clips) = (0.0, 0.0, 0, 0)
    var rate: Float = 0
    for batch in plan.batches {
      if shouldStop() { return nil }
      rate = options.schedule.rate(step: min(state.step, steps - 1), of: steps)
      let result = await TrainingStep.run(
        batch, of: training, context: context, weights: state.weights, epoch: state.epoch,
        step: state.step)
      guard result.loss.isFinite else { throw .diverged(epoch: state.epoch + 1) }
      state.apply(result, context: context, rate: rate)
      loss += result.loss
      weight += result.weight
      correct += result.correct
      clips += result.clips
    }
    state.epoch += 1
    var report = EpochReport(
      epoch: state.epoch, epochs: options.epochs, learningRate: rate,
      trainingLoss: loss / max(weight, 1e-9),
      trainingAccuracy: Double(correct) / Double(max(clips, 1)), isBest: false, seconds: 0)
    await validate(&state, &report)
    guard report.validationLoss?.isFinite ?? true else { throw .diverged(epoch: state.epoch) }
    report.seconds = (ContinuousClock.now - start) / .seconds(1)
    state.history.append(report)
    return state
  }

  /// Measures the validation part and keeps the weights if they are the best so far.
  private func validate(_ state: inout TrainingState, _ report: inout EpochReport) async {
    guard !validation.isEmpty else { return }
    let weights = state.measured(context.options)
    let logits = await context.network.logits(of: validation, weights: weights) {
      [context] in context.networkInput(of: context.own($0))
    }
    let quality = ValidationQuality(
      logits.map { Array($0[..<context.heads.classes]) }, validation.map(context.plainTarget),
      labels: validation.map(\.label))
    report.validationLoss = quality.loss
    report.validationAccuracy = quality.accuracy
    report.validationUAR = quality.uar
    let options = context.options
    guard Float(state.epoch) > options.selectionStart * Float(options.epochs) else { return }
    let earlier = state.history.last { $0.isBest }
    report.isBest = quality.loss < earlier?.validationLoss ?? .infinity
    if report.isBest { state.best = .init(epoch: state.epoch, weights: weights) }
  }
}

/// Equal for the same clips in the same order, wherever they lie.
private func digest(of parts: [[TrainingExample]]) -> String {
  let text = parts.map { part in
    part.map { example in
      let clip = example.clip
      return "\(clip.corpus) \(clip.speaker) \(example.label) \(example.samplingRate) "
        + "\(example.votes ?? []) \(example.variants.map(\.frames))"
    }.joined(separator: "\n")
  }.joined(separator: "\n\n")
  return sha256(Array(text.utf8).span)
}
