internal import FoundationEssentials

extension ClipCollector {
  /// A table with the columns `path` and `emotion`, and any of `speaker`, `sex`, `intensity` and
  /// `sentence`. Paths are relative to the manifest's folder.
  mutating func collect(manifest path: String) throws(CorpusError) {
    let table = try Table(contentsOf: path)
    for column in ["path", "emotion"] where !table.columns.contains(column) {
      throw .missingColumn(path: path, column: column)
    }
    let folder = URL(filePath: path).deletingLastPathComponent()
    let name = uniqueName(RelativePath(path).stem)
    for row in table.rows { add(row, of: path, in: folder, corpus: name) }
  }

  private mutating func add(
    _ row: Table.Row, of manifest: String, in folder: URL, corpus: String
  ) {
    guard let file = row["path"], let emotion = row["emotion"] else {
      return skip(manifest, .incompleteRow(line: row.line))
    }
    let path = file.hasPrefix("/") ? file : folder.appending(path: file).path
    guard FileManager.default.fileExists(atPath: path) else { return skip(path, .missingFile) }
    let clip = Clip(
      path: path, corpus: corpus, speaker: row["speaker"], sex: row["sex"].flatMap(Sex.init(word:)),
      label: label(emotion), intensity: row["intensity"].flatMap(Intensity.init),
      sentence: row["sentence"])
    add(clip, identity: path)
  }
}

extension Sex {
  fileprivate init?(word: String) {
    switch word.lowercased() {
    case "female", "f", "woman": self = .female
    case "male", "m", "man": self = .male
    default: return nil
    }
  }
}
