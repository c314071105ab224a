/// What a model said about one clip.
public struct ClipResult: Codable, Sendable, Equatable {
  /// Tells clips apart; the clip's path, as a rule.
  public let clip: String
  public let speaker: String
  /// Index of the true class.
  public let target: Int
  /// Of every class, summing to one.
  public let probabilities: [Float]
  /// Of the training whose model said it, where a clip is judged by several.
  public var seed: UInt64?

  public init(
    clip: String, speaker: String, target: Int, probabilities: [Float], seed: UInt64? = nil
  ) {
    precondition(probabilities.indices.contains(target), "no class \(target)")
    self.clip = clip
    self.speaker = speaker
    self.target = target
    self.probabilities = probabilities
    self.seed = seed
  }

  /// The most probable class; of equals, the first.
  public var predicted: Int {
    probabilities.indices.max { (probabilities[$0], $1) < (probabilities[$1], $0) } ?? 0
  }

  public var confidence: Double { Double(probabilities[predicted]) }
}

extension ConfusionMatrix {
  public init(labels: [String], outcomes: [ClipResult]) {
    self.init(labels: labels)
    for outcome in outcomes { add(target: outcome.target, predicted: outcome.predicted) }
  }
}
