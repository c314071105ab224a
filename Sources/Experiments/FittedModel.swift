import Corpora
public import Evaluation
public import Features
public import NeuralNetwork
public import Training

/// What a training of a preset gave.
public struct FittedModel: Sendable {
  /// A trained network of the model.
  public struct Member: Sendable {
    /// The preset's name for it.
    public let id: String
    /// What its logits are multiplied with before they are added.
    public let weight: Float
    /// Its own, with the statistics of the training part where it asks for them.
    public let frontEnd: FrontEnd
    /// Which of the preset's channels it takes; nil for all.
    public let channels: [Int]?
    /// As it is after training, without the outputs that only training needs.
    public let network: Network
    /// Of `network`.
    public let weights: Weights
  }

  /// In the order of the preset. Fewer than it has where the training was stopped.
  public let members: [Member]
  /// Fitted on the validation part; 1 without one.
  public internal(set) var temperature: TemperatureScaling
  /// Every training there was, in the order in which they ran.
  public internal(set) var trainings: [TrainingResult]
  /// The examples that the weights were trained on.
  public let taught: [Int]
  /// What the first training says of the validation part, which it has not learned from.
  public internal(set) var validation: [ClipResult]

  /// Whether a training was stopped before its end.
  public var wasInterrupted: Bool { trainings.contains(where: \.wasInterrupted) }

  /// What it says of some examples, probabilities in the order of the preset's labels; `seed` tells its training from others.
  public func results(on examples: [TrainingExample], seed: UInt64? = nil) async -> [ClipResult] {
    let logits = await members.logits(of: examples)
    return zip(examples, logits).map { $0.result(temperature($1), seed: seed) }
  }
}

extension [FittedModel.Member] {
  /// The sum of all members' logits, each times its weight: (examples, labels).
  func logits(of examples: [TrainingExample]) async -> [[Float]] {
    var sum: [[Float]] = []
    for member in self {
      let (frontEnd, channels) = (member.frontEnd, member.channels)
      let logits = await member.network.logits(of: examples, weights: member.weights) {
        frontEnd.networkInput(of: $0.selecting(channels))
      }
      let weighted = logits.map { $0.map { member.weight * $0 } }
      sum = sum.isEmpty ? weighted : zip(sum, weighted).map { zip($0, $1).map(+) }
    }
    return sum
  }
}

extension TrainingExample {
  /// - Parameter probabilities: One a label.
  func result(_ probabilities: [Float], seed: UInt64? = nil) -> ClipResult {
    ClipResult(
      clip: clip.path, speaker: clip.speaker, target: label, probabilities: probabilities,
      seed: seed)
  }
}
