extension Layout {
  /// `IC0_anger_10`: speaker, emotion, sentence. Christop 2024. The speakers' sex is in `data.tsv`.
  static let nemo = Layout(name: "nemo") { path throws(SkippedFile.Reason) in
    let fields = path.stem.parts("_")
    guard fields.count == 3, fields[0].count == 3, fields[0].last?.isNumber == true,
      fields[0].prefix(2).allSatisfy(\.isUppercase), let emotion = Emotion(word: fields[1]),
      Int(fields[2]) != nil
    else { return nil }
    return Description(speaker: fields[0], label: emotion.rawValue, sentence: fields[2])
  }
}
