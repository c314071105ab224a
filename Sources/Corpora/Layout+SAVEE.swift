extension Layout {
  /// `DC_a01`, or `a01` in a folder `DC` as the authors publish it: speaker, emotion, number.
  /// Jackson & Haq 2011; four men. The number counts within an emotion, so it names no sentence.
  static let savee = Layout(name: "savee") { path throws(SkippedFile.Reason) in
    let fields = path.stem.parts("_")
    let named = fields.count == 2 ? fields : [path.folders.last ?? ""] + fields
    guard named.count == 2, ["DC", "JE", "JK", "KL"].contains(named[0]),
      named[1].suffix(2).isNumber(digits: 2), let emotion = emotions[String(named[1].dropLast(2))]
    else { return nil }
    return Description(speaker: named[0], sex: .male, label: emotion.rawValue)
  }

  private static let emotions: [String: Emotion] = [
    "a": .angry, "d": .disgust, "f": .fearful, "h": .happy, "n": .neutral, "sa": .sad,
    "su": .surprised,
  ]
}
