import Corpora

/// The labels that a corpus's training clips have, and what a clip of each counts.
package struct CorpusLabels: Sendable, Equatable {
  /// Indices into the model's labels, ascending.
  package let labels: [Int]
  /// Of each of the model's labels; 0 of those that the corpus does not have.
  package let weights: [Float]

  /// - Parameter isBalanced: Each label of the corpus counts the same, with mean 1 over its clips; else each clip.
  private init(_ counts: [Float], isBalanced: Bool) {
    labels = counts.indices.filter { counts[$0] > 0 }
    let total = counts.reduce(0, +)
    let present = Float(labels.count)
    weights = counts.map { $0 > 0 ? (isBalanced ? total / (present * $0) : 1) : 0 }
  }

  /// Those of each corpus among the examples.
  package static func all(
    of examples: [TrainingExample], classes: Int, isBalanced: Bool
  ) -> [String: CorpusLabels] {
    var counts: [String: [Float]] = [:]
    for example in examples {
      counts[example.clip.corpus, default: .init(repeating: 0, count: classes)][example.label] += 1
    }
    return counts.mapValues { CorpusLabels($0, isBalanced: isBalanced) }
  }
}
