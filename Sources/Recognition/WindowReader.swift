public import AudioIO
import Features

/// Reads a recording of any length window by window, as its bytes come, in the memory of one window of each signal.
public struct WindowReader: ~Copyable {
  /// Of the windows, Hz.
  public let sampleRate: Int
  private var stream: ResampledStream
  private var cutters: [any SegmentCutter]
  /// Whose window is looked for first: signals take turns.
  private var turn = 0
  private let budget: ProcessorBudget
  private var stage = Stage.reading

  private enum Stage { case reading, over }

  /// - Parameters:
  ///   - raw: What headerless samples are; nil where the bytes say what they are.
  ///   - channels: What is heard of several.
  ///   - sampleRate: Of the windows, Hz.
  ///   - limits: Of the whole recording.
  ///   - decoders: What decodes it unless it is plain samples.
  ///   - budget: Of the request it belongs to.
  public init(
    _ source: some ByteSource, as raw: RawPCM? = nil, channels: ChannelSelection = .mix,
    by segmentation: Segmentation = .windows(WindowPlan()), sampleRate: Int, limits: AudioLimits,
    decoders: DecoderPool = .shared,
    budget: ProcessorBudget = ProcessorBudget()
  ) throws(RecognitionError) {
    let stream = try budget.spend { () throws(RecognitionError) in
      try ResampledStream(
        source, as: raw, channels, sampleRate: sampleRate,
        DecodingContext(limits: limits, decoders: decoders, budget: budget))
    }
    var cutters: [any SegmentCutter] = []
    for signal in 0..<stream.signalCount {
      cutters.append(try Self.cutter(segmentation, of: signal, sampleRate))
    }
    self.stream = stream
    self.cutters = cutters
    self.sampleRate = sampleRate
    self.budget = budget
  }

  private static func cutter(
    _ segmentation: Segmentation, of signal: Int, _ sampleRate: Int
  ) throws(RecognitionError) -> any SegmentCutter {
    switch segmentation {
    case .windows(let plan): return WindowCutter(plan, of: signal, sampleRate: sampleRate)
    case .utterances:
      do {
        return UtteranceCutter(
          try VoiceActivityDetector(sampleRate: sampleRate), of: signal, sampleRate: sampleRate)
      } catch {
        throw .features(
          .configuration(field: "sampleRate", problem: .outOfRange(Double(sampleRate))))
      }
    }
  }

  /// What has been read so far.
  public var description: AudioDescription { stream.description }

  /// How many signals are cut into windows.
  public var signals: Int { cutters.count }

  /// Of each signal, the fraction of samples at full scale, of 0 to 1.
  public var clippedFractions: [Double] { stream.clippedFractions }

  /// The next window of any signal; nil after the last.
  /// - Throws: `noSamples`, `tooLong`, `invalidSample`, where the reading gets there.
  public mutating func next() throws(AudioError) -> RecordingWindow? {
    while true {
      if let cut = cut() { return cut }
      guard stage == .reading else { return nil }
      try read()
    }
  }

  private mutating func cut() -> RecordingWindow? {
    for _ in cutters.indices {
      defer { turn = (turn + 1) % cutters.count }
      if let cut = cutters[turn].cut(isOver: stage == .over) { return cut }
    }
    return nil
  }

  private mutating func read() throws(AudioError) {
    try budget.check()
    var samples = [[Float]](repeating: [], count: cutters.count)
    let isOver = try budget.spend { () throws(AudioError) in try !stream.read(into: &samples) }
    if isOver { stage = .over }
    for (signal, new) in samples.enumerated() { cutters[signal].append(new) }
  }
}
