extension Layout {
  /// `03-01-06-01-02-01-12`: modality, channel, emotion, intensity, statement, repetition, actor.
  /// Livingstone & Russo 2018; odd actors are men, even ones women.
  static let ravdess = Layout(name: "ravdess") { path throws(SkippedFile.Reason) in
    let fields = path.stem.parts("-")
    guard fields.count == 7, fields.allSatisfy({ $0.isNumber(digits: 2) }),
      let actor = Int(fields[6]), (1...24).contains(actor),
      let emotion = Int(fields[2]), Emotion.allCases.indices.contains(emotion - 1)
    else { return nil }
    guard fields[1] == "01" else { throw .song }
    return Description(
      speaker: fields[6], sex: actor % 2 == 1 ? .male : .female,
      label: Emotion.allCases[emotion - 1].rawValue,
      intensity: fields[3] == "02" ? .strong : .normal, sentence: fields[4])
  }
}
