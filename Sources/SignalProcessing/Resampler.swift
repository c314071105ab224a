/// Converts one channel from one rate to another, block by block: between frequent rates by polyphase filters, between others by
/// libsoxr. Both have the pass-band and stop-band of libsoxr's quality HQ, which is librosa's default `soxr_hq`.
///
/// A block may give more or fewer samples than its length says, because the filter looks ahead; `finish`
/// gives the rest. However the input is cut, the output is the same.
public struct Resampler: ~Copyable {
  /// Rates that can be converted from and to, Hz.
  public static let sampleRates = 1_000...768_000

  public let inputRate: Int
  public let outputRate: Int
  private var polyphase: PolyphaseResampler?
  private var soxr: SoxrResampler?

  /// How many widths of vector this processor has.
  public static var widths: Int { PolyphaseStream.widths }

  /// - Parameters:
  ///   - inputRate: Hz.
  ///   - outputRate: Hz.
  ///   - width: Which of the processor's widths of vector computes the polyphase filters, the widest being 0.
  /// - Throws: `sampleRate` outside `sampleRates`; `resampler` where libsoxr has no memory.
  public init(from inputRate: Int, to outputRate: Int, width: Int = 0) throws(SignalError) {
    for rate in [inputRate, outputRate] where !Self.sampleRates.contains(rate) {
      throw .sampleRate(rate, allowed: Self.sampleRates)
    }
    let conversion = RateConversion.between(inputRate, outputRate)
    let soxr = try conversion == nil ? SoxrResampler(from: inputRate, to: outputRate) : nil
    self.inputRate = inputRate
    self.outputRate = outputRate
    self.soxr = soxr
    polyphase = conversion.map { PolyphaseResampler($0, width: width) }
  }

  /// All of a sound at another rate.
  /// - Parameters: rates in Hz.
  /// - Throws: what `init` throws.
  public static func resample(
    _ samples: Span<Float>, from inputRate: Int, to outputRate: Int
  ) throws(SignalError) -> [Float] {
    var resampler = try Resampler(from: inputRate, to: outputRate)
    var output: [Float] = []
    output.reserveCapacity(
      Int(Double(samples.count) * Double(outputRate) / Double(inputRate)) + 1)
    resampler.resample(samples, into: &output)
    resampler.finish(into: &output)
    return output
  }

  /// Takes the next samples and appends what can already be said of the output.
  public mutating func resample(_ input: Span<Float>, into output: inout [Float]) {
    polyphase?.resample(input, into: &output)
    soxr?.resample(input, into: &output)
  }

  /// Ends the input and appends what is left. The resampler takes nothing afterwards.
  public mutating func finish(into output: inout [Float]) {
    polyphase?.finish(into: &output)
    soxr?.finish(into: &output)
  }
}
