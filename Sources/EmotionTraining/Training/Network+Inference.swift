public import EmotionFeatures
public import EmotionModel

extension Network {
  /// Logits of each example's recording, on all cores.
  public func logits(
    of examples: [TrainingExample], frontEnd: FrontEnd, weights: Weights
  ) async -> [[Float]] {
    let (network, weights) = folded(weights)
    let parts = stride(from: 0, to: examples.count, by: 16).map {
      $0..<min($0 + 16, examples.count)
    }
    return await withTaskGroup(of: (Int, [[Float]]).self) { group in
      for part in parts {
        group.addTask {
          (part.lowerBound, part.map { network.logits(frontEnd, examples[$0], weights) })
        }
      }
      return await group.reduce(into: [[Float]](repeating: [], count: examples.count)) {
        $0.replaceSubrange($1.0..<$1.0 + $1.1.count, with: $1.1)
      }
    }
  }

  private func logits(_ frontEnd: FrontEnd, _ example: TrainingExample, _ weights: Weights)
    -> [Float]
  {
    logits(Batch([frontEnd.normalized(example.variants[0])]), weights).values
  }
}
