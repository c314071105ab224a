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

/// A recording that is read block by block and resampled to the model's rate, as one signal or several. Holds no more than a
/// block.
struct ResampledStream: ~Copyable {
  private let maximumDuration: Double
  private var stream: AudioStream
  /// One for each signal.
  private let signals: [ResampledSignal]

  /// - Parameters:
  ///   - raw: What headerless samples are; nil where the bytes say what they are.
  ///   - channels: What is heard of several.
  ///   - sampleRate: The model's, Hz.
  init(
    _ source: some ByteSource, as raw: RawPCM?, _ channels: ChannelSelection, sampleRate: Int,
    _ context: DecodingContext
  ) throws(RecognitionError) {
    let stream = try Self.open(source, as: raw, channels, context)
    var signals: [ResampledSignal] = []
    for _ in 0..<stream.signals {
      signals.append(try ResampledSignal(from: stream.description.sampleRate, to: sampleRate))
    }
    self.stream = stream
    self.signals = signals
    maximumDuration = context.limits.maximumDuration
  }

  private static func open(
    _ source: some ByteSource, as raw: RawPCM?, _ channels: ChannelSelection,
    _ context: DecodingContext
  ) throws(RecognitionError) -> AudioStream {
    do {
      if let raw {
        return try AudioStream(
          source, as: raw, channels: channels, limits: context.limits, budget: context.budget)
      }
      return try AudioStream(
        source, channels: channels, limits: context.limits, decoders: context.decoders,
        budget: context.budget)
    } catch {
      throw .audio(error)
    }
  }

  /// What has been read so far.
  var description: AudioDescription { stream.description }

  /// How many waveforms come of the recording.
  var signalCount: Int { signals.count }

  /// Of each signal, the fraction of samples at full scale, of 0 to 1.
  var clippedFractions: [Double] { signals.map(\.clippedFraction) }

  /// Appends the next samples of each signal; the resamplers may keep some of them for the next time.
  /// - Returns: false once the recording is over.
  /// - Throws: `noSamples`, `tooLong`, `invalidSample`, where the reading gets there.
  mutating func read(into outputs: inout [[Float]]) throws(AudioError) -> Bool {
    var block: [Float] = []
    let isOver = try stream.read(into: &block) == 0
    // Each signal takes as much memory as a recording.
    guard stream.duration * Double(signals.count) <= maximumDuration else {
      throw .tooLong(maximum: maximumDuration)
    }
    if isOver && stream.frames == 0 { throw .noSamples }
    for (index, signal) in signals.enumerated() {
      let samples = signals.count == 1 ? block : block.every(signals.count, from: index)
      signal.append(samples, isLimited: stream.isLimited, isOver: isOver, to: &outputs[index])
    }
    return !isOver
  }
}

/// One signal on its way to the model's rate. It counts what stands at full scale, which resampling hides.
private final class ResampledSignal {
  private var resampler: Resampler?
  private var clipping = ClippingCount()

  init(from rate: Int, to modelRate: Int) throws(RecognitionError) {
    guard rate != modelRate else { return }
    do { resampler = try Resampler(from: rate, to: modelRate) } catch {
      throw .features(.resampling(error))
    }
  }

  var clippedFraction: Double { clipping.fraction }

  /// - Parameter isLimited: Whether what is louder than full scale was lost when it was stored.
  func append(_ samples: [Float], isLimited: Bool, isOver: Bool, to output: inout [Float]) {
    if isLimited { clipping.add(samples[...]) }
    if resampler == nil { output += samples }
    resampler?.resample(samples.span, into: &output)
    if isOver { resampler?.finish(into: &output) }
  }
}
