/// A recording read block by block, its channels mixed to one signal or taken as they are: bounded memory for any length.
public struct AudioStream: ~Copyable {
  private var recording: Recording
  private let properties: RecordingProperties
  private let selection: ChannelSelection
  /// How many signals are delivered, their samples interleaved.
  public let signals: Int
  /// Of several channels.
  private var mixer: ChannelMixer?
  private let budget: ProcessorBudget
  /// Frames delivered so far.
  public private(set) var frames = 0

  /// What has been read so far: complete once `read` has returned 0.
  public var description: AudioDescription {
    AudioDescription(
      format: properties.format.name, sampleRate: properties.sampleRate,
      channels: properties.channels, frames: frames, isTruncated: recording.isTruncated,
      mixesVoices: mixer?.channelsDiffer ?? false)
  }

  /// Seconds delivered so far.
  public var duration: Double { Double(frames) / Double(properties.sampleRate) }

  /// Whether what is louder than full scale was lost when it was stored: floats alone keep it.
  public var isLimited: Bool { !properties.format.holdsFloats }

  /// Opens a recording whose container is found from its bytes.
  /// - Parameters:
  ///   - channels: What is delivered of several.
  ///   - decoders: What decodes it unless it is plain samples.
  ///   - budget: Of the request it belongs to; its own where left out.
  public init(
    _ source: some ByteSource, channels: ChannelSelection = .mix,
    limits: AudioLimits = AudioLimits(), decoders: DecoderPool = .shared,
    budget: ProcessorBudget = ProcessorBudget()
  ) throws(AudioError) {
    try self.init(Recording(source, decoders, budget), channels, limits, budget)
  }

  /// Opens headerless samples.
  public init(
    _ source: some ByteSource, as raw: RawPCM, channels: ChannelSelection = .mix,
    limits: AudioLimits = AudioLimits(), budget: ProcessorBudget = ProcessorBudget()
  ) throws(AudioError) {
    try Self.check(rate: raw.sampleRate, channels: raw.channels, limits)
    try self.init(.pcm(PCMFile(source, as: raw, budget)), channels, limits, budget)
  }

  private init(
    _ recording: consuming Recording, _ selection: ChannelSelection, _ limits: AudioLimits,
    _ budget: ProcessorBudget
  ) throws(AudioError) {
    let properties = recording.properties
    try Self.check(rate: properties.sampleRate, channels: properties.channels, limits)
    signals = try selection.signals(of: properties.channels)
    if selection == .mix && properties.channels > 1 {
      mixer = ChannelMixer(channels: properties.channels, sampleRate: properties.sampleRate)
    }
    self.selection = selection
    self.properties = properties
    self.budget = budget
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

  /// Appends the next frames, the signals interleaved. Where channels are mixed, the first 100 ms may come with later ones, at
  /// the end with the call that returns 0.
  /// - Returns: how many; 0 once the recording is over.
  /// - Throws: `invalidSample` for NaN, infinity, or a magnitude that no recording has; `decoderFailed`, `tooCostly`.
  public mutating func read(into samples: inout [Float]) throws(AudioError) -> Int {
    guard properties.channels > signals else { return try readChannels(into: &samples) }
    var channels: [Float] = []
    let count = try readChannels(into: &channels)
    if case .one(let channel) = selection {
      samples += channels.every(properties.channels, from: channel)
    }
    mixer?.append(channels.span, to: &samples)
    if count == 0 { mixer?.finish(into: &samples) }
    return count
  }

  private mutating func readChannels(into samples: inout [Float]) throws(AudioError) -> Int {
    let start = samples.count
    let count = try recording.read(into: &samples)
    if !properties.format.holdsIntegers {
      try checkFinite(samples.span.extracting(start...))
    }
    frames += count
    // What reads the recording has counted one signal.
    budget.add(seconds: Double((signals - 1) * count) / Double(properties.sampleRate))
    return count
  }

  /// Integers stored as floats reach 2³¹; past that a square would soon overflow, and NaN spreads over
  /// everything computed from it. Replacing such samples would answer for a sound nobody recorded.
  private static let largestMagnitude: Float = 0x1p32

  private func checkFinite(_ samples: Span<Float>) throws(AudioError) {
    for index in samples.indices where !(samples[index].magnitude <= Self.largestMagnitude) {
      throw .invalidSample(frame: frames + index / properties.channels)
    }
  }
}

extension [Float] {
  /// One channel of interleaved ones.
  public func every(_ channels: Int, from channel: Int) -> [Float] {
    stride(from: channel, to: count, by: channels).map { self[$0] }
  }
}
