internal import FileIO

/// Who is a woman and who a man, where a corpus keeps that in a table beside its recordings.
struct SpeakerTable {
  /// By `Clip.speaker`.
  private(set) var sexes: [String: Sex] = [:]

  init(in tree: AudioTree) {
    for file in tree.others {
      switch RelativePath(file).stem + "." + RelativePath(file).fileExtension {
      case "VideoDemographics.csv": add(tree.path(file), "crema-d", "ActorID", "Sex")
      case "data.tsv": add(tree.path(file), "nemo", "speaker_id", "gender")
      default: continue
      }
    }
  }

  /// A table that is broken tells nothing, which is no reason to lose the recordings.
  private mutating func add(_ path: String, _ corpus: String, _ speaker: String, _ sex: String) {
    guard let table = try? Table(contentsOf: path) else { return }
    for row in table.rows {
      guard let name = row[speaker], let word = row[sex] else { continue }
      sexes["\(corpus)/\(name)"] = Sex(rawValue: word.lowercased())
    }
  }
}
