public import AudioIO
public import EmotionFeatures

/// Why a recording gets no answer.
public enum RecognitionError: Error, Sendable, Equatable {
  case audio(AudioError)
  case features(FeatureError)
}

extension RecognitionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .audio(let error): "\(error)"
    case .features(let error): "\(error)"
    }
  }
}
