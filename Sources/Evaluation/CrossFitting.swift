internal import Glibc

/// Temperatures for a model that leaves no speakers aside to find one: that of each group of clips is fitted on what other
/// trainings said of the other groups, on speakers that those had not in training (cross-fitting).
///
/// Every corpus counts the same, however many clips it has.
public struct CrossFitting: Sendable {
  /// What a training said of a clip that it had not heard.
  public struct Answer: Sendable {
    /// What shares a temperature, such as a fold or a corpus.
    let group: String
    let corpus: String
    let result: ClipResult

    public init(group: String, corpus: String, result: ClipResult) {
      self.group = group
      self.corpus = corpus
      self.result = result
    }
  }

  private let answers: [Answer]

  public init(_ answers: [Answer]) {
    self.answers = answers
  }

  /// Fitted on all groups; nil where there is none.
  public func temperature() -> TemperatureScaling? { Self.temperature(of: answers) }

  /// Fitted on all groups but one; nil where there is no other.
  public func temperature(without group: String) -> TemperatureScaling? {
    Self.temperature(of: answers.filter { $0.group != group })
  }

  private static func temperature(of answers: [Answer]) -> TemperatureScaling? {
    guard !answers.isEmpty else { return nil }
    let clips = Dictionary(grouping: answers, by: \.corpus).mapValues(\.count)
    return TemperatureScaling(
      logits: answers.map(\.result.logits), targets: answers.map(\.result.target),
      weights: answers.map { 1 / Double(clips[$0.corpus] ?? 1) })
  }
}

extension TemperatureScaling {
  /// The result with its probabilities at this temperature, if they were at 1.
  public func callAsFunction(_ result: ClipResult) -> ClipResult {
    ClipResult(
      clip: result.clip, speaker: result.speaker, target: result.target,
      probabilities: self(result.logits), seed: result.seed)
  }
}

extension ClipResult {
  /// Logits with these probabilities; that of nought is taken for the least above it.
  fileprivate var logits: [Float] { probabilities.map { log(max($0, .leastNormalMagnitude)) } }
}
