/// The vocabulary onto which every corpus is mapped, in the order of RAVDESS.
public enum Emotion: String, Codable, CaseIterable, Sendable {
  case neutral, calm, happy, sad, angry, fearful, disgust, surprised

  /// The emotion that a word of a folder name or a manifest means: `fear`, `Anger`, `pleasant
  /// surprise`. Case, spaces, dashes and underscores do not matter.
  public init?(word: String) {
    let folded = word.lowercased().filter { !" _-".contains($0) }
    if let emotion = Emotion(rawValue: folded) ?? Self.synonyms[folded] {
      self = emotion
    } else {
      return nil
    }
  }

  private static let synonyms: [String: Emotion] = [
    "neutrality": .neutral, "calmness": .calm,
    "happiness": .happy, "joy": .happy, "joyful": .happy,
    "sadness": .sad, "anger": .angry, "fear": .fearful, "disgusted": .disgust,
    "surprise": .surprised, "ps": .surprised, "pleasantsurprise": .surprised,
    "pleasantsurprised": .surprised,
  ]
}
