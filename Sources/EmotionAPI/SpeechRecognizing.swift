public import EmotionRecognition

/// Who turns a recording into probabilities: `Recognizer` with its weights, or a test's stand-in.
public protocol SpeechRecognizing: Sendable {
  var identity: ModelIdentity { get }
  /// - Parameter audio: A whole recording, in any format.
  func predict(_ audio: [UInt8]) throws(RecognitionError) -> Prediction
}

extension Recognizer: SpeechRecognizing {}
