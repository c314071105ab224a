public import AudioIO

/// Which model answered.
public struct ModelIdentity: Sendable, Equatable {
  public let name: String
  /// Of the weights file, in hexadecimal.
  public let sha256: String

  public init(name: String, sha256: String) {
    self.name = name
    self.sha256 = sha256
  }
}

/// How probable one label is.
public struct Score: Sendable, Equatable {
  public let label: String
  public let probability: Float

  public init(label: String, probability: Float) {
    self.label = label
    self.probability = probability
  }
}

/// What a recording, or one channel of it, sounds like.
public struct Prediction: Sendable, Equatable {
  /// One for each label, in the model's order; they sum to one. Empty only for a channel of several
  /// that is too soft, or too short, to be judged.
  public let scores: [Score]
  public let audio: AudioDescription
  public let model: ModelIdentity
  /// What makes the recording hard to classify.
  public let quality: [QualityNote]

  public init(
    scores: [Score], audio: AudioDescription, model: ModelIdentity, quality: [QualityNote] = []
  ) {
    self.scores = scores
    self.audio = audio
    self.model = model
    self.quality = quality
  }

  /// The most probable label; the first of equals. nil where there is none.
  public var best: Score? { scores.indexOfBest.map { scores[$0] } }

  /// Whether somebody speaks. Where nobody does, the scores are of whatever there is instead.
  public var hasSpeech: Bool { !quality.contains(.noSpeech) }

  /// nil where nobody speaks.
  public var emotion: String? { hasSpeech ? best?.label : nil }

  /// nil where nobody speaks.
  public var confidence: Float? { hasSpeech ? best?.probability : nil }
}

extension [Score] {
  /// Of the most probable label, the first of equals; nil where there are none.
  var indexOfBest: Int? {
    indices.dropFirst().reduce(indices.first) { best, next in
      best.map { self[next].probability > self[$0].probability ? next : $0 }
    }
  }
}
