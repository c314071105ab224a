/// A recording read block by block, mixed to mono: bounded memory for any length.
public struct AudioStream: ~Copyable {
  private var recording: Recording
  private let properties: RecordingProperties
  /// Frames delivered so far.
  private var frames = 0

  /// What has been read so far: complete once `read` has returned 0.
  public var description: AudioDescription {
    AudioDescription(
      format: properties.format.name, sampleRate: properties.sampleRate,
      channels: properties.channels, frames: frames, isTruncated: recording.isTruncated)
  }

  /// Whether what is louder than full scale was lost when it was stored: floats alone keep it.
  public var isLimited: Bool { !properties.format.holdsFloats }

  /// Opens a recording whose container is found from its bytes.
  /// - Parameters:
  ///   - decoders: What decodes it unless it is plain samples.
  ///   - budget: Of the request it belongs to; its own where left out.
  public init(
    _ source: some ByteSource, limits: AudioLimits = AudioLimits(),
    decoders: DecoderPool = .shared, budget: ProcessorBudget = ProcessorBudget()
  ) throws(AudioError) {
    try self.init(Recording(source, decoders, budget), limits)
  }

  /// Opens headerless samples.
  public init(
    _ source: some ByteSource, as raw: RawPCM, limits: AudioLimits = AudioLimits(),
    budget: ProcessorBudget = ProcessorBudget()
  ) throws(AudioError) {
    try Self.check(rate: raw.sampleRate, channels: raw.channels, limits)
    try self.init(.pcm(PCMFile(source, as: raw, budget)), limits)
  }

  private init(
    _ recording: consuming Recording, _ limits: AudioLimits
  ) throws(AudioError) {
    let properties = recording.properties
    try Self.check(rate: properties.sampleRate, channels: properties.channels, limits)
    self.properties = properties
    self.recording = recording
  }

  private static func check(
    rate: Int, channels: Int, _ limits: AudioLimits
  ) throws(AudioError) {
    guard limits.sampleRates.contains(rate) else {
      throw .sampleRate(rate, allowed: limits.sampleRates)
    }
    let allowed = 1...limits.maximumChannels
    guard allowed.contains(channels) else { throw .channels(channels, allowed: allowed) }
  }

  /// Frames the header claims, as far as it is worth reserving memory for: a lie costs at most 4 MB.
  var expectedFrames: Int { min(properties.claimedFrames, 1 << 20) }

  /// Appends the next frames, mixed to mono. Of several channels the first 100 ms may come with later ones, at the end with
  /// the call that returns 0.
  /// - Returns: how many; 0 once the recording is over.
  /// - Throws: `invalidSample` for NaN, infinity, or a magnitude that no recording has; `decoderFailed`, `tooCostly`.
  public mutating func read(into samples: inout [Float]) throws(AudioError) -> Int {
    let start = samples.count
    let count = try recording.read(into: &samples)
    if !properties.format.holdsIntegers {
      try Self.checkFinite(samples.span.extracting(start...), at: frames)
    }
    frames += count
    return count
  }

  /// Integers stored as floats reach 2³¹; past that a square would soon overflow, and NaN spreads over
  /// everything computed from it. Replacing such samples would answer for a sound nobody recorded.
  private static let largestMagnitude: Float = 0x1p32

  private static func checkFinite(_ samples: Span<Float>, at frame: Int) throws(AudioError) {
    for index in samples.indices where !(samples[index].magnitude <= largestMagnitude) {
      throw .invalidSample(frame: frame + index)
    }
  }
}
