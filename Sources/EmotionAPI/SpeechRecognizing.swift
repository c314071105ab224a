public import AudioIO
public import EmotionRecognition

/// Who turns recordings into probabilities: `Recognizer` with its weights, or a test's stand-in.
public protocol SpeechRecognizing: Sendable {
  var identity: ModelIdentity { get }
  var card: ModelCard { get }

  /// - Parameter seconds: Is set to the sound that was decoded, also where an error follows.
  func predict(
    _ recording: EncodedRecording, seconds: inout Double
  ) throws(RecognitionError) -> Prediction

  /// Begins to read a recording that may be long, or still be on its way.
  /// - Parameter maximumDuration: Seconds.
  func windows(
    of source: some ByteSource, as raw: RawPCM?, plan: WindowPlan, maximumDuration: Double
  ) throws(RecognitionError) -> WindowReader

  func judge(_ window: RecordingWindow) throws(RecognitionError) -> TimelineEntry
}

extension Recognizer: SpeechRecognizing {}
