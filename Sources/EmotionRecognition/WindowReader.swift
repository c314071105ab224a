public import AudioIO

/// Reads a recording of any length window by window, as its bytes come, in the memory of one window.
public struct WindowReader: ~Copyable {
  /// Of the windows, Hz.
  public let sampleRate: Int
  private let maximumDuration: Double
  private var stream: AudioStream
  private var resampler: Resampler?
  private var cutter: WindowCutter
  private var clipping = ClippingCount()
  private var stage = Stage.reading

  private enum Stage { case reading, ending, over }

  /// - Parameters:
  ///   - raw: What headerless samples are; nil where the bytes say what they are.
  ///   - sampleRate: Of the windows, Hz.
  ///   - limits: Of the whole recording.
  public init(
    _ source: some ByteSource, as raw: RawPCM? = nil, plan: WindowPlan, sampleRate: Int,
    limits: AudioLimits
  ) throws(AudioError) {
    let stream = try Self.open(source, as: raw, limits)
    let rate = stream.description.sampleRate
    let resampler = rate == sampleRate ? nil : try Resampler(from: rate, to: sampleRate)
    self.stream = stream
    self.resampler = resampler
    self.sampleRate = sampleRate
    maximumDuration = limits.maximumDuration
    cutter = WindowCutter(plan, sampleRate: sampleRate)
  }

  private static func open(
    _ source: some ByteSource, as raw: RawPCM?, _ limits: AudioLimits
  ) throws(AudioError) -> AudioStream {
    guard let raw else { return try AudioStream(source, limits: limits) }
    return try AudioStream(source, as: raw, limits: limits)
  }

  /// What has been read so far.
  public var description: AudioDescription { stream.description }

  /// The share of samples at full scale, of 0 to 1.
  public var clippedShare: Double { clipping.share }

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
    var samples: [Float] = []
    let count = try stream.read(into: &samples)
    guard description.duration <= maximumDuration else { throw .tooLong(maximum: maximumDuration) }
    clipping.add(samples[...])
    if count == 0 {
      guard description.frames > 0 else { throw .noSamples }
      stage = .ending
    }
    cutter.append(resampled(samples, isLast: count == 0))
  }

  private mutating func resampled(_ samples: [Float], isLast: Bool) -> [Float] {
    guard resampler != nil else { return samples }
    var output: [Float] = []
    resampler?.resample(samples.span, into: &output)
    if isLast { resampler?.finish(into: &output) }
    return output
  }
}
