import Corpora
import LinearAlgebra

/// Which clips could follow one another in a recording: those of one speaker with one label.
struct ClipPartners: Sendable {
  private struct Group: Hashable {
    let corpus: String
    let speaker: String
    let label: Int

    init(_ example: TrainingExample) {
      corpus = example.clip.corpus
      speaker = example.clip.speaker
      label = example.label
    }
  }

  /// For each example, all of its group.
  private let groups: [[Int]]

  init(of examples: [TrainingExample]) {
    let known = Dictionary(grouping: examples.indices) { Group(examples[$0]) }
    groups = examples.map { known[Group($0)] ?? [] }
  }

  /// Another clip of the example's speaker and label; nil where there is none.
  func another(than index: Int, _ random: inout RandomSource) -> Int? {
    let others = groups[index].filter { $0 != index }
    return others.isEmpty ? nil : others[random.index(below: others.count)]
  }
}
