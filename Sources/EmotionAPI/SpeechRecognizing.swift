public import AudioIO
public import Recognition

/// Who turns recordings into probabilities: `Recognizer` with its weights, or a test's stand-in.
public protocol SpeechRecognizing: Sendable {
  var identity: ModelIdentity { get }
  var card: ModelCard { get }

  /// - Parameters:
  ///   - channels: What is heard of several.
  ///   - budget: Of the request it belongs to.
  ///   - perform: Runs what takes the processor once so many seconds of sound are decoded; nil calls it off.
  /// - Returns: A prediction of each signal, never none.
  func predict(
    _ recording: EncodedRecording, channels: ChannelSelection, budget: ProcessorBudget,
    perform: (_ seconds: Double, @escaping PredictionJob) -> PredictionResult?
  ) throws(RecognitionError) -> [Prediction]

  /// Begins to read a recording that may be long, or still be on its way.
  /// - Parameters:
  ///   - channels: What is heard of several.
  ///   - maximumDuration: Seconds of all signals together.
  ///   - budget: Of the request it belongs to.
  func windows(
    of source: some ByteSource, as raw: RawPCM?, channels: ChannelSelection,
    by segmentation: Segmentation,
    maximumDuration: Double, budget: ProcessorBudget
  ) throws(RecognitionError) -> WindowReader

  /// - Parameter budget: Of the request it belongs to.
  func classify(
    _ window: RecordingWindow, budget: ProcessorBudget
  ) throws(RecognitionError) -> TimelineEntry
}

extension Recognizer: SpeechRecognizing {}
