/// What listeners took the clips of a corpus for, where it keeps that in a table beside its recordings.
struct VoteTable {
  /// By the clip's file name without its extension: the fraction of votes for each label.
  private(set) var fractions: [String: [String: Float]] = [:]

  /// Reads `votes-audio.csv`: a column `clip`, and a column of counts for each label.
  init(in tree: AudioTree) {
    for file in tree.others where RelativePath(file).stem == "votes-audio" {
      add(tree.path(file))
    }
  }

  /// A table that is broken tells nothing, which is no reason to lose the recordings.
  private mutating func add(_ path: String) {
    guard let table = try? Table(contentsOf: path) else { return }
    let labels = table.columns.filter { Emotion(rawValue: $0) != nil }
    for row in table.rows {
      guard let clip = row["clip"] else { continue }
      let counts = labels.map { row[$0].flatMap(Float.init) ?? 0 }
      let total = counts.reduce(0, +)
      guard total > 0, total.isFinite, counts.allSatisfy({ $0 >= 0 }) else { continue }
      fractions[clip] = Dictionary(
        uniqueKeysWithValues: zip(labels, counts.map { $0 / total }).filter { $0.1 > 0 })
    }
  }
}
