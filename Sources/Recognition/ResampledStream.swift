import AudioIO
import Features
import SignalProcessing

/// What recordings are decoded with.
struct DecodingContext: Sendable {
  /// Of the whole recording.
  var limits: AudioLimits
  var decoders: DecoderPool
  var budget: ProcessorBudget
}

/// A recording that is read block by block, mixed to mono and resampled to the model's rate. Holds no more than a block,
/// and counts what stands at full scale, which resampling hides.
struct ResampledStream: ~Copyable {
  private let maximumDuration: Double
  private var stream: AudioStream
  private var resampler: Resampler?
  private(set) var clipping = ClippingCount()

  /// - Parameters:
  ///   - raw: What headerless samples are; nil where the bytes say what they are.
  ///   - sampleRate: The model's, Hz.
  init(
    _ source: some ByteSource, as raw: RawPCM?, sampleRate: Int, _ context: DecodingContext
  ) throws(RecognitionError) {
    let stream = try Self.open(source, as: raw, context)
    let resampler = try Self.resampler(from: stream.description.sampleRate, to: sampleRate)
    self.stream = stream
    self.resampler = resampler
    maximumDuration = context.limits.maximumDuration
  }

  private static func open(
    _ source: some ByteSource, as raw: RawPCM?, _ context: DecodingContext
  ) throws(RecognitionError) -> AudioStream {
    do {
      if let raw {
        return try AudioStream(source, as: raw, limits: context.limits, budget: context.budget)
      }
      return try AudioStream(
        source, limits: context.limits, decoders: context.decoders, budget: context.budget)
    } catch {
      throw .audio(error)
    }
  }

  private static func resampler(
    from rate: Int, to modelRate: Int
  ) throws(RecognitionError) -> Resampler? {
    guard rate != modelRate else { return nil }
    do { return try Resampler(from: rate, to: modelRate) } catch {
      throw .features(.resampling(error))
    }
  }

  /// What has been read so far.
  var description: AudioDescription { stream.description }

  /// Appends the next samples; the resampler may keep some of them for the next time.
  /// - Returns: false once the recording is over.
  /// - Throws: `noSamples`, `tooLong`, `invalidSample`, where the reading gets there.
  mutating func read(into output: inout [Float]) throws(AudioError) -> Bool {
    var block: [Float] = []
    let isOver = try stream.read(into: &block) == 0
    guard description.duration <= maximumDuration else { throw .tooLong(maximum: maximumDuration) }
    if isOver && description.frames == 0 { throw .noSamples }
    if stream.isLimited { clipping.add(block[...]) }
    if resampler == nil { output += block }
    resampler?.resample(block.span, into: &output)
    if isOver { resampler?.finish(into: &output) }
    return !isOver
  }
}
