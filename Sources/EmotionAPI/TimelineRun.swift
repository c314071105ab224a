import AudioIO
import HTTPServing
import Recognition

/// Classifies one recording window by window.
struct TimelineRun {
  let recognizer: any SpeechRecognizing
  let segmentation: Segmentation
  let options: PredictionOptions
  /// Seconds.
  let maximumDuration: Double
  let metrics: ServiceMetrics
  /// Of the request, which may hold other recordings, too.
  let allowance: RequestAllowance

  typealias EntryResult = Result<TimelineEntry, RecognitionError>

  /// - Parameters:
  ///   - perform: Runs what takes the processor; nil when there is no time left for it.
  ///   - each: Takes each window's JSON as soon as it is known, and the number of its signal.
  /// - Returns: The answer about the whole. A signal's windows are what `windows` makes of its number.
  func callAsFunction(
    _ source: some ByteSource, as raw: RawPCM?,
    perform: (@escaping @Sendable () -> EntryResult) -> EntryResult?,
    each: (_ signal: Int, _ window: [JSON.Member]) throws -> Void,
    windows: (_ signal: Int) -> [JSON.Member] = { _ in [] }
  ) throws -> JSON {
    try recognizer.check(options.labels)
    var reader = try recognizer.windows(
      of: source, as: raw, channels: options.channels, by: segmentation,
      maximumDuration: maximumDuration, budget: allowance.budget
    )
    var summaries = [TimelineSummary](repeating: TimelineSummary(), count: reader.signals)
    while let window = try Self.next(&reader) {
      try allowance.checkpoint()
      try allowance.takeWindow()
      try allowance.checkSound()
      let (recognizer, budget) = (self.recognizer, allowance.budget)
      let result = perform {
        Result { () throws(RecognitionError) in try recognizer.classify(window, budget: budget) }
      }
      guard let result else { throw Stopping() }
      let entry = try result.get()
      summaries[window.signal].add(entry)
      // Pauses are no utterances.
      if segmentation != .utterances || entry.scores != nil {
        try each(window.signal, try members(entry))
      }
    }
    let model = recognizer.identity
    var signals: [[JSON.Member]] = []
    for (signal, summary) in summaries.enumerated() {
      let scores = summary.scores?.restricted(to: options.labels)
      let result = ClassificationResult(scores: scores, options: options)
      let quality = summary.quality(of: signal, in: reader)
      signals.append(try result.members() + windows(signal) + [quality.member])
      metrics.count(
        seconds: reader.description.duration, model: model.name,
        emotion: scores?.ranked.first?.label)
    }
    return EmotionAPI.answer(about: signals, options, reader.description, model)
  }

  private static func next(
    _ reader: inout WindowReader
  ) throws(RecognitionError) -> RecordingWindow? {
    do { return try reader.next() } catch { throw .audio(error) }
  }

  private func members(_ entry: TimelineEntry) throws(NotFinite) -> [JSON.Member] {
    let place = [
      JSON.Member("start", .number(seconds(entry.start))),
      JSON.Member("end", .number(seconds(entry.end))),
      JSON.Member("speech", .bool(entry.scores != nil)),
    ]
    let result = ClassificationResult(
      scores: entry.scores?.restricted(to: options.labels), options: options)
    return place + (try result.members())
  }
}

/// The server stops: nothing more is worked on.
struct Stopping: Error {}

extension TimelineRun {
  /// The whole answer as one value.
  func answer(_ recording: EncodedRecording) throws -> JSON {
    try whole(recording.source, as: recording.raw, perform: compute)
  }

  /// Each window of a whole recording.
  func windows(of recording: EncodedRecording, each: (JSON) throws -> Void) throws {
    _ = try self(
      recording.source, as: recording.raw, perform: compute, each: { try each(line($0, $1)) })
  }

  /// A window where those of all signals stand in one list.
  func line(_ signal: Int, _ window: [JSON.Member]) -> JSON {
    .object(
      options.channels == .each ? [JSON.Member("channel", .integer(signal))] + window : window)
  }

  private func compute(_ job: @escaping @Sendable () -> EntryResult) -> EntryResult? {
    // At most 30 s a window: light work.
    allowance.compute(0, job)
  }

  /// The windows come after what is said of the whole.
  func whole(
    _ source: some ByteSource, as raw: RawPCM?,
    perform: (@escaping @Sendable () -> EntryResult) -> EntryResult?
  ) throws -> JSON {
    var windows: [Int: EncodedItems] = [:]
    return try self(
      source, as: raw, perform: perform,
      each: { signal, window in
        let bytes = windows[signal, default: EncodedItems()].append(.object(window))
        try allowance.take(answerBytes: bytes)
      },
      windows: { [JSON.Member("windows", (windows[$0] ?? EncodedItems()).finished())] })
  }
}
