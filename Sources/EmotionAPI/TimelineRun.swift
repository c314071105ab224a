import AudioIO
import HTTPServing
import Recognition

/// Classifies one recording window by window.
struct TimelineRun {
  let recognizer: any SpeechRecognizing
  let options: PredictionOptions
  /// Seconds.
  let maximumDuration: Double
  let metrics: ServiceMetrics
  /// Of the request, which may hold other recordings, too.
  let allowance: RequestAllowance

  typealias EntryResult = Result<TimelineEntry, RecognitionError>

  /// - Parameters:
  ///   - perform: Runs what takes the processor; nil when there is no time left for it.
  ///   - each: Takes each window's JSON as soon as it is known.
  /// - Returns: The answer about the whole, without its windows.
  func callAsFunction(
    _ source: some ByteSource, as raw: RawPCM?,
    perform: (@escaping @Sendable () -> EntryResult) -> EntryResult?,
    each: (JSON) throws -> Void
  ) throws -> [JSON.Member] {
    try recognizer.check(options.labels)
    var reader = try recognizer.windows(
      of: source, as: raw, plan: options.windows ?? WindowPlan(), maximumDuration: maximumDuration,
      budget: allowance.budget
    )
    var summary = TimelineSummary()
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
      summary.add(entry)
      try each(try json(entry))
    }
    let scores = summary.scores?.restricted(to: options.labels)
    let model = recognizer.identity
    let overall = try ClassificationResult(scores: scores, options: options).members()
    metrics.count(
      seconds: reader.description.duration, model: model.name,
      emotion: scores?.ranked.first?.label)
    return overall + footnotes(summary.quality(of: reader), reader.description, model)
  }

  private static func next(
    _ reader: inout WindowReader
  ) throws(RecognitionError) -> RecordingWindow? {
    do { return try reader.next() } catch { throw .audio(error) }
  }

  private func json(_ entry: TimelineEntry) throws(NotFinite) -> JSON {
    let place = [
      JSON.Member("start", .number(seconds(entry.start))),
      JSON.Member("end", .number(seconds(entry.end))),
      JSON.Member("speech", .bool(entry.scores != nil)),
    ]
    let result = ClassificationResult(
      scores: entry.scores?.restricted(to: options.labels), options: options)
    return .object(place + (try result.members()))
  }
}

/// The server stops: nothing more is worked on.
struct Stopping: Error {}

extension TimelineRun {
  /// The whole answer as one value.
  func answer(_ recording: EncodedRecording) throws -> JSON {
    .object(try whole(recording.source, as: recording.raw, perform: compute))
  }

  /// Each window of a whole recording.
  func windows(of recording: EncodedRecording, each: (JSON) throws -> Void) throws {
    _ = try self(recording.source, as: recording.raw, perform: compute, each: each)
  }

  private func compute(_ job: @escaping @Sendable () -> EntryResult) -> EntryResult? {
    allowance.compute(options.windows?.duration ?? 0, job)
  }

  /// The windows come after what is said of the whole.
  func whole(
    _ source: some ByteSource, as raw: RawPCM?,
    perform: (@escaping @Sendable () -> EntryResult) -> EntryResult?
  ) throws -> [JSON.Member] {
    var windows = EncodedItems()
    var members = try self(source, as: raw, perform: perform) { window in
      try allowance.take(answerBytes: windows.append(window))
    }
    let place = members.firstIndex { $0.name == "quality" } ?? members.endIndex
    members.insert(JSON.Member("windows", windows.finished()), at: place)
    return members
  }
}
