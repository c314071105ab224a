public import AudioIO

/// Reads a recording of any length window by window, as its bytes come, in the memory of one window.
public struct WindowReader: ~Copyable {
  /// Of the windows, Hz.
  public let sampleRate: Int
  private var stream: ResampledStream
  private var cutter: WindowCutter
  private let budget: ProcessorBudget
  private var stage = Stage.reading

  private enum Stage { case reading, ending, over }

  /// - Parameters:
  ///   - raw: What headerless samples are; nil where the bytes say what they are.
  ///   - sampleRate: Of the windows, Hz.
  ///   - limits: Of the whole recording.
  ///   - decoders: What decodes it unless it is plain samples.
  ///   - budget: Of the request it belongs to.
  public init(
    _ source: some ByteSource, as raw: RawPCM? = nil, plan: WindowPlan, sampleRate: Int,
    limits: AudioLimits, decoders: DecoderPool = .shared,
    budget: ProcessorBudget = ProcessorBudget()
  ) throws(RecognitionError) {
    self.budget = budget
    stream = try budget.spend { () throws(RecognitionError) in
      try ResampledStream(
        source, as: raw, sampleRate: sampleRate,
        DecodingContext(limits: limits, decoders: decoders, budget: budget))
    }
    self.sampleRate = sampleRate
    cutter = WindowCutter(plan, sampleRate: sampleRate)
  }

  /// What has been read so far.
  public var description: AudioDescription { stream.description }

  /// The fraction of samples at full scale, of 0 to 1.
  public var clippedFraction: Double { stream.clipping.fraction }

  /// The next window; nil after the last.
  /// - Throws: `noSamples`, `tooLong`, `invalidSample`, where the reading gets there.
  public mutating func next() throws(AudioError) -> RecordingWindow? {
    while true {
      if let cut = cutter.cut() { return cut }
      switch stage {
      case .reading: try read()
      case .ending:
        stage = .over
        return cutter.rest()
      case .over: return nil
      }
    }
  }

  private mutating func read() throws(AudioError) {
    try budget.check()
    var samples: [Float] = []
    let isOver = try budget.spend { () throws(AudioError) in try !stream.read(into: &samples) }
    if isOver { stage = .ending }
    cutter.append(samples)
  }
}
