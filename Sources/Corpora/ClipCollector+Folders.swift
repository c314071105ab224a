internal import FoundationEssentials

extension ClipCollector {
  /// One folder per emotion, with or without one per speaker above or below:
  /// `angry/x.wav`, `angry/anna/x.wav`, `anna/angry/x.wav`.
  mutating func collectFolders(_ tree: AudioTree) {
    let name = uniqueName(URL(filePath: tree.root).standardizedFileURL.lastPathComponent)
    for file in tree.audio {
      let folders = RelativePath(file).folders
      guard let place = emotionPlace(in: folders) else {
        skip(tree.path(file), .noEmotion)
        continue
      }
      let clip = Clip(
        path: tree.path(file), corpus: name, speaker: speaker(in: folders, beside: place),
        label: label(folders[place]))
      add(clip, identity: file)
    }
  }

  /// The innermost folder that names an emotion, or else the innermost.
  private func emotionPlace(in folders: [String]) -> Int? {
    folders.lastIndex { Emotion(word: $0) != nil } ?? folders.indices.last
  }

  private func speaker(in folders: [String], beside emotion: Int) -> String? {
    if emotion + 1 < folders.count { return folders[emotion + 1] }
    return emotion > 0 ? folders[emotion - 1] : nil
  }
}

/// The vocabulary's word where it has one, the corpus's own in lower case where not.
func label(_ word: String) -> String {
  Emotion(word: word)?.rawValue ?? word.lowercased()
}
