extension Layout {
  /// `1001_DFA_ANG_XX`: actor, sentence, emotion, level (`XX`: not given; one published file has `X`).
  /// Cao et al. 2014. The actors' sex is in `VideoDemographics.csv`.
  static let cremaD = Layout(name: "crema-d") { path throws(SkippedFile.Reason) in
    let fields = path.stem.uppercased().parts("_")
    guard fields.count == 4, fields[0].isNumber(digits: 4), fields[1].count == 3,
      let emotion = emotions[fields[2]]
    else { return nil }
    return Description(
      speaker: fields[0], label: emotion.rawValue, intensity: levels[fields[3]],
      sentence: fields[1])
  }

  private static let emotions: [String: Emotion] = [
    "ANG": .angry, "DIS": .disgust, "FEA": .fearful, "HAP": .happy, "NEU": .neutral, "SAD": .sad,
  ]
  private static let levels: [String: Intensity] = ["LO": .low, "MD": .medium, "HI": .high]
}
