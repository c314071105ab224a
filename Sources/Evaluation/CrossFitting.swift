internal import Glibc

/// Temperatures for a model that leaves no speakers aside to find one: that of each group of clips is fitted on what other
/// trainings said of the other groups, on speakers that those had not in training (cross-fitting).
public struct CrossFitting: Sendable {
  private let groups: [String: [ClipResult]]

  /// - Parameter groups: Results by the group that they are of, such as a fold or a corpus.
  public init(_ groups: [String: [ClipResult]]) {
    self.groups = groups
  }

  /// Fitted on all groups; nil where there is none.
  public func temperature() -> TemperatureScaling? { temperature(of: groups.keys.sorted()) }

  /// Fitted on all groups but one; nil where there is no other.
  public func temperature(without group: String) -> TemperatureScaling? {
    temperature(of: groups.keys.filter { $0 != group }.sorted())
  }

  private func temperature(of names: [String]) -> TemperatureScaling? {
    let results = names.flatMap { groups[$0] ?? [] }
    guard !results.isEmpty else { return nil }
    return TemperatureScaling(logits: results.map(\.logits), targets: results.map(\.target))
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
