public enum Sex: String, Codable, CaseIterable, Sendable {
  case female, male
}

/// How strongly an emotion is acted: RAVDESS has `normal` and `strong`, CREMA-D the other three.
public enum Intensity: String, Codable, Sendable {
  case normal, strong, low, medium, high
}

/// One recording of a corpus and what is known about it.
public struct Clip: Codable, Sendable, Equatable {
  public let path: String
  /// `ravdess`, `tess`, …, or the name of a folder or manifest.
  public let corpus: String
  /// Unique over all corpora: `ravdess/01`. `<corpus>/unknown` where nothing tells speakers apart.
  public let speaker: String
  public let sex: Sex?
  /// An `Emotion`'s raw value, or the corpus's own word where the vocabulary has none (`boredom`).
  public let label: String
  public let intensity: Intensity?
  /// What is said, by the corpus's own name for it; the same for every speaker who says it.
  public let sentence: String?
  /// The fraction of listeners' votes for each label, where a corpus tells.
  public let votes: [String: Float]?

  public var emotion: Emotion? { Emotion(rawValue: label) }

  /// - Parameter speaker: As the corpus names it, without the corpus.
  public init(
    path: String, corpus: String, speaker: String?, sex: Sex? = nil, label: String,
    intensity: Intensity? = nil, sentence: String? = nil, votes: [String: Float]? = nil
  ) {
    self.path = path
    self.corpus = corpus
    self.speaker = "\(corpus)/\(speaker ?? "unknown")"
    self.sex = sex
    self.label = label
    self.intensity = intensity
    self.sentence = sentence
    self.votes = votes
  }
}
