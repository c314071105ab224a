import CSoxr

/// libsoxr's resampler of quality HQ, which takes any two rates.
@safe struct SoxrResampler: ~Copyable {
  private let handle: OpaquePointer
  private let inputRate: Int
  private let outputRate: Int

  /// - Throws: `resampler` where `soxr_create` fails.
  init(from inputRate: Int, to outputRate: Int) throws(SignalError) {
    var quality = unsafe soxr_quality_spec(UInt(SOXR_HQ), 0)
    let handle = unsafe soxr_create(
      Double(inputRate), Double(outputRate), 1, nil, nil, &quality, nil)
    guard let handle = unsafe handle else { throw .resampler(from: inputRate, to: outputRate) }
    unsafe self.handle = handle
    self.inputRate = inputRate
    self.outputRate = outputRate
  }

  deinit { unsafe soxr_delete(handle) }

  mutating func resample(_ input: Span<Float>, into output: inout [Float]) {
    var done = 0
    while done < input.count {
      let block = input.extracting(done..<min(done + Self.blockLength, input.count))
      done += unsafe block.withUnsafeBufferPointer { unsafe process($0, into: &output) }
    }
  }

  mutating func finish(into output: inout [Float]) {
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
