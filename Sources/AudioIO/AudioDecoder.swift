/// Turns the bytes of a recording into a mono waveform.
///
/// The type is found from the bytes: `AudioContainer` has the table. In WAV, RF64, W64, AIFF, AU and CAF, samples may be
/// PCM, float, A-law, µ-law, IMA or Microsoft ADPCM. A recording cut short gives what is there.
public struct AudioDecoder: Sendable {
  public var limits: AudioLimits
  private let decoders: DecoderPool

  /// - Parameter decoders: What decodes everything but plain samples.
  public init(limits: AudioLimits = AudioLimits(), decoders: DecoderPool = .shared) {
    self.limits = limits
    self.decoders = decoders
  }

  /// Decodes a whole recording at its own rate.
  public func decode(_ bytes: [UInt8]) throws(AudioError) -> DecodedAudio {
    try decode(bytes.span)
  }

  /// Decodes a whole recording at its own rate.
  public func decode(_ bytes: Span<UInt8>) throws(AudioError) -> DecodedAudio {
    try unsafe bytes.withUnsafeBufferPointer { buffer throws(AudioError) in
      try collect(
        unsafe AudioStream(BorrowedBytes(buffer: buffer), limits: limits, decoders: decoders))
    }
  }

  /// Decodes headerless samples.
  public func decode(_ bytes: Span<UInt8>, as raw: RawPCM) throws(AudioError) -> DecodedAudio {
    guard !bytes.isEmpty else { throw .empty }
    return try unsafe bytes.withUnsafeBufferPointer { buffer throws(AudioError) in
      try collect(unsafe AudioStream(BorrowedBytes(buffer: buffer), as: raw, limits: limits))
    }
  }

  /// Decodes headerless samples.
  public func decode(_ bytes: [UInt8], as raw: RawPCM) throws(AudioError) -> DecodedAudio {
    try decode(bytes.span, as: raw)
  }

  private func collect(_ stream: consuming AudioStream) throws(AudioError) -> DecodedAudio {
    let sampleRate = stream.description.sampleRate
    let most = limits.maximumFrames(at: sampleRate)
    var samples: [Float] = []
    samples.reserveCapacity(stream.expectedFrames)
    while try stream.read(into: &samples) > 0 {
      guard samples.count <= most else { throw .tooLong(maximum: limits.maximumDuration) }
    }
    guard !samples.isEmpty else { throw .noSamples }
    let waveform = Waveform(samples: samples, sampleRate: sampleRate)
    return DecodedAudio(waveform: waveform, description: stream.description)
  }
}
