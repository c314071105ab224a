extension Layout {
  /// `03a01Fa`: speaker, text, emotion (its German first letter), version. Burkhardt et al. 2005.
  /// Boredom (`L`, Langeweile) has no place in the vocabulary and keeps its own name.
  static let emoDB = Layout(name: "emodb") { path throws(SkippedFile.Reason) in
    let stem = path.stem
    let text = stem.dropFirst(2).prefix(3)
    guard (6...7).contains(stem.count), let sex = speakers[String(stem.prefix(2))],
      "ab".contains(text.prefix(1)), text.suffix(2).isNumber(digits: 2),
      let label = labels[stem.dropFirst(5).first ?? " "],
      stem.dropFirst(6).allSatisfy({ ("a"..."f").contains($0) })
    else { return nil }
    return Description(
      speaker: String(stem.prefix(2)), sex: sex, label: label, sentence: String(text))
  }

  private static let labels: [Character: String] = [
    "W": Emotion.angry.rawValue, "L": "boredom", "E": Emotion.disgust.rawValue,
    "A": Emotion.fearful.rawValue, "F": Emotion.happy.rawValue, "T": Emotion.sad.rawValue,
    "N": Emotion.neutral.rawValue,
  ]
  private static let speakers: [String: Sex] = [
    "03": .male, "08": .female, "09": .female, "10": .male, "11": .male, "12": .male,
    "13": .female, "14": .female, "15": .male, "16": .female,
  ]
}
