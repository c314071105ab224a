public import AudioIO

/// A stretch of a recording at the model's rate.
public struct RecordingWindow: Sendable, Equatable {
  /// Which of the signals that the recording is read as; 0 for the first or only one.
  public let signal: Int
  /// Seconds from the recording's beginning.
  public let start: Double
  public let waveform: Waveform

  public init(signal: Int = 0, start: Double, waveform: Waveform) {
    self.signal = signal
    self.start = start
    self.waveform = waveform
  }
}

/// What one window sounds like.
public struct TimelineEntry: Sendable, Equatable {
  /// Seconds from the recording's beginning.
  public let start: Double
  public let end: Double
  public let activity: VoiceActivity
  /// In the model's order; nil where nobody speaks.
  public let scores: [Score]?

  public init(start: Double, end: Double, activity: VoiceActivity, scores: [Score]?) {
    self.start = start
    self.end = end
    self.activity = activity
    self.scores = scores
  }
}

/// What a whole signal sounds like, gathered from its windows: each counts by the speech in it.
public struct TimelineSummary: Sendable {
  private var labels: [String] = []
  private var sums: [Double] = []
  private var weight = 0.0
  /// Seconds of speech in the windows whose most probable label it is.
  private var seconds: [Double] = []
  private var gauge = QualityGauge()

  public init() {}

  public mutating func add(_ entry: TimelineEntry) {
    gauge.add(entry.activity)
    guard let scores = entry.scores else { return }
    if sums.isEmpty {
      labels = scores.map(\.label)
      sums = [Double](repeating: 0, count: scores.count)
      seconds = sums
    }
    weight += entry.activity.speech
    for (i, score) in scores.enumerated() {
      sums[i] += Double(score.probability) * entry.activity.speech
    }
    if let best = scores.indexOfBest { seconds[best] += entry.activity.speech }
  }

  /// The mean of the windows' probabilities; nil where nobody speaks.
  public var scores: [Score]? {
    guard weight > 0 else { return nil }
    return zip(labels, sums).map { Score(label: $0, probability: Float($1 / weight)) }
  }

  /// Whether most of the speech is in windows that say something else than the whole does.
  public var isMixed: Bool {
    guard let best = scores?.indexOfBest else { return false }
    return seconds[best] < weight / 2
  }

  /// What made the signal hard to classify, once `reader` has read all of it.
  public func quality(of signal: Int = 0, in reader: borrowing WindowReader) -> [QualityNote] {
    gauge.notes(
      on: reader.description, clipped: reader.clippedFractions[signal],
      modelRate: reader.sampleRate)
      + (isMixed ? [.mixed] : [])
  }
}
