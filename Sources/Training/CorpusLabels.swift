import Corpora

/// The labels that a corpus's training clips have, and what a clip of each counts.
package struct CorpusLabels: Sendable, Equatable {
  /// Indices into the model's labels, ascending.
  package let labels: [Int]
  /// Of each of the model's labels; 0 of those that the corpus does not have.
  package let weights: [Float]

  /// Those of each corpus among the examples.
  package static func all(
    of examples: [TrainingExample], classes: Int, weighing: TrainingOptions.ClassWeights
  ) -> [String: CorpusLabels] {
    let none = [Float](repeating: 0, count: classes)
    var counts: [String: [Float]] = [:]
    for example in examples {
      counts[example.clip.corpus, default: none][example.label] += example.samplingRate
    }
    let everywhere = counts.values.reduce(none) { zip($0, $1).map(+) }
    return counts.mapValues { own in
      let balanced: [Float]? =
        switch weighing {
        case .uniform: nil
        case .balanced: weights(balancing: everywhere)
        case .balancedByCorpus: weights(balancing: own)
        }
      return CorpusLabels(
        labels: own.indices.filter { own[$0] > 0 },
        weights: own.indices.map { own[$0] > 0 ? balanced?[$0] ?? 1 : 0 })
    }
  }

  /// Weights that make each label count the same, with mean 1 over the clips.
  private static func weights(balancing counts: [Float]) -> [Float] {
    let total = counts.reduce(0, +)
    let present = Float(counts.count { $0 > 0 })
    return counts.map { $0 > 0 ? total / (present * $0) : 0 }
  }
}
