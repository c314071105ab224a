/// A choice among some of a model's labels: what is asked about a corpus that does not have the others.
public struct LabelRestriction: Sendable, Equatable {
  /// Those to choose among, in the order of the model's.
  public let labels: [String]
  /// Where they are among the model's.
  private let places: [Int]

  /// - Parameters:
  ///   - some: Those to choose among; what is no label of the model is passed over.
  ///   - all: The model's labels, in the order of its outputs.
  public init(to some: Set<String>, of all: [String]) {
    places = all.indices.filter { some.contains(all[$0]) }
    labels = places.map { all[$0] }
  }

  /// The results of the clips that have one of the labels. Their probabilities are of these labels alone and sum to one again.
  public func callAsFunction(_ results: [ClipResult]) -> [ClipResult] {
    results.compactMap(restricted)
  }

  /// The results of the clips that have one of the labels, as they are.
  public func answerable(_ results: [ClipResult]) -> [ClipResult] {
    results.filter { places.contains($0.target) }
  }

  private func restricted(_ result: ClipResult) -> ClipResult? {
    guard let target = places.firstIndex(of: result.target) else { return nil }
    let kept = places.map { result.probabilities[$0] }
    let sum = kept.reduce(0, +)
    // Where rounding left nothing of any, they are equal.
    let even = 1 / Float(places.count)
    return ClipResult(
      clip: result.clip, speaker: result.speaker, target: target,
      probabilities: kept.map { sum > 0 ? $0 / sum : even }, seed: result.seed)
  }
}
