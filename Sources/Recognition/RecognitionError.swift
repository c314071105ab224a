public import AudioIO
public import Features

/// Why a recording gets no answer.
public enum RecognitionError: Error, Sendable, Equatable {
  case audio(AudioError)
  case features(FeatureError)
  /// Nobody waits for the answer any more.
  case calledOff
}

extension RecognitionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .audio(let error): "\(error)"
    case .features(let error): "\(error)"
    case .calledOff: "called off"
    }
  }
}
