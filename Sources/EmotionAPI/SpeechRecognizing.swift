public import AudioIO
public import EmotionRecognition

/// Who turns recordings into probabilities: `Recognizer` with its weights, or a test's stand-in.
public protocol SpeechRecognizing: Sendable {
  var identity: ModelIdentity { get }
  var card: ModelCard { get }

  /// - Parameter budget: Of the request it belongs to.
  func predict(
    _ recording: EncodedRecording, budget: ProcessorBudget
  ) throws(RecognitionError) -> Prediction

  /// Begins to read a recording that may be long, or still be on its way.
  /// - Parameters:
  ///   - maximumDuration: Seconds.
  ///   - budget: Of the request it belongs to.
  func windows(
    of source: some ByteSource, as raw: RawPCM?, plan: WindowPlan, maximumDuration: Double,
    budget: ProcessorBudget
  ) throws(RecognitionError) -> WindowReader

  /// - Parameter budget: Of the request it belongs to.
  func judge(
    _ window: RecordingWindow, budget: ProcessorBudget
  ) throws(RecognitionError) -> TimelineEntry
}

extension Recognizer: SpeechRecognizing {}
