extension Layout {
  /// `OAF_back_angry`, `YAF_dog_ps`: an older and a younger woman, the word, the emotion, where
  /// `ps` is pleasant surprise. One published file says `OA` for `OAF`.
  /// Pichora-Fuller & Dupuis 2020.
  static let tess = Layout(name: "tess") { path throws(SkippedFile.Reason) in
    let fields = path.stem.parts("_")
    guard fields.count >= 3, let speaker = speakers[fields[0].uppercased()],
      let emotion = Emotion(word: fields[2...].joined(separator: "_"))
    else { return nil }
    return Description(
      speaker: speaker, sex: .female, label: emotion.rawValue, sentence: fields[1].lowercased())
  }

  private static let speakers = ["OAF": "OAF", "OA": "OAF", "YAF": "YAF"]
}
