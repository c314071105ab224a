import CSoxr

/// Converts one channel from one rate to another, block by block (libsoxr, quality HQ: what librosa's
/// default `soxr_hq` does).
///
/// A block may give more or fewer samples than its length says, because the filter looks ahead; `finish`
/// gives the rest. However the input is cut, the output is the same.
@safe public struct Resampler: ~Copyable {
  /// Rates that can be converted from and to, Hz.
  public static let sampleRates = 1_000...768_000

  private let handle: OpaquePointer
  public let inputRate: Int
  public let outputRate: Int

  /// - Parameters: rates in Hz.
  /// - Throws: `sampleRate` outside `sampleRates`; `resampler` where `soxr_create` fails.
  public init(from inputRate: Int, to outputRate: Int) throws(SignalError) {
    for rate in [inputRate, outputRate] where !Self.sampleRates.contains(rate) {
      throw .sampleRate(rate, allowed: Self.sampleRates)
    }
    var quality = unsafe soxr_quality_spec(UInt(SOXR_HQ), 0)
    let handle = unsafe soxr_create(
      Double(inputRate), Double(outputRate), 1, nil, nil, &quality, nil)
    guard let handle = unsafe handle else { throw .resampler(from: inputRate, to: outputRate) }
    unsafe self.handle = handle
    self.inputRate = inputRate
    self.outputRate = outputRate
  }

  deinit { unsafe soxr_delete(handle) }

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
    var done = 0
    while done < input.count {
      let block = input.extracting(done..<min(done + Self.blockLength, input.count))
      done += unsafe block.withUnsafeBufferPointer { unsafe process($0, into: &output) }
    }
  }

  /// Ends the input and appends what is left. The resampler takes nothing afterwards.
  public mutating func finish(into output: inout [Float]) {
    let nothing = unsafe UnsafeBufferPointer<Float>(start: nil, count: 0)
    var before: Int
    repeat {
      before = output.count
      _ = unsafe process(nothing, into: &output)
    } while output.count > before
  }

  /// Input samples given to libsoxr at once: it buffers all it is given.
  private static let blockLength = 1 << 14

  /// One `soxr_process`; an empty `input` without an address ends the stream.
  /// - Returns: input samples taken.
  private mutating func process(
    _ input: UnsafeBufferPointer<Float>, into output: inout [Float]
  ) -> Int {
    let room = Self.blockLength * outputRate / inputRate + Self.blockLength
    var taken = 0
    var given = 0
    let block = unsafe [Float](unsafeUninitializedCapacity: room) { buffer, count in
      let problem = unsafe soxr_process(
        handle, input.baseAddress, input.count, &taken, buffer.baseAddress, room, &given)
      unsafe precondition(problem == nil, "soxr_process failed on a valid resampler")
      count = given
    }
    output.append(contentsOf: block)
    return taken
  }
}
