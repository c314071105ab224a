import CVectorKernels
import LinearAlgebra

extension PolyphaseFilter {
  /// Outputs that the kernel computes together.
  static let group = Int(VK_POLYPHASE_GROUP)
}

/// A signal that goes through a polyphase filter, block by block.
struct PolyphaseStream: Sendable {
  private let filter: PolyphaseFilter
  private let kernel: vk_resampler
  /// Input from the first sample on that the next output reads.
  private var pending: [Float]
  /// The next output's place between two input samples, in units of 1 / up.
  private var phase = 0
  private var scratch: [Float] = []

  /// How many widths of vector this processor has.
  static var widths: Int { vk_resampler_count() }

  /// - Parameters:
  ///   - early: How many samples before the beginning of the sound the output begins.
  ///   - inputEarly: How many samples before it the input begins.
  ///   - width: Which of the processor's widths of vector computes, the widest being 0.
  init(_ filter: PolyphaseFilter, early: Int, inputEarly: Int, width: Int = 0) {
    precondition((0..<Self.widths).contains(width), "the processor has no such vectors")
    precondition(early == 0 || filter.up == 1, "an early beginning between two samples")
    self.filter = filter
    kernel = vk_resampler_at(width)
    let silence = early * filter.down + filter.lead - inputEarly
    precondition(silence >= 0, "the input begins before what the first output reads")
    pending = [Float](repeating: 0, count: silence)
  }

  /// Takes the next samples and appends the outputs that need no later ones.
  mutating func filter(_ input: Span<Float>, into output: inout [Float]) {
    unsafe input.withUnsafeBufferPointer { unsafe pending.append(contentsOf: $0) }
    let count = readyCount
    guard count > 0 else { return }
    let first = output.count
    output.append(unfilled: count)
    unsafe output.withUnsafeMutableBufferPointer { unsafe compute($0.extracting(first...)) }
  }

  /// Outputs all of whose input is there.
  private var readyCount: Int {
    let last = pending.count - filter.taps
    return last < 0 ? 0 : ((last + 1) * filter.up - 1 - phase) / filter.down + 1
  }

  /// Computes the next outputs and forgets the input that no later one reads.
  private mutating func compute(_ output: UnsafeMutableBufferPointer<Float>) {
    var (read, phase) = (0, phase)
    unsafe filter.rows.withUnsafeBufferPointer { rows in
      var polyphase = unsafe vk_polyphase(
        up: filter.up, down: filter.down, taps: filter.taps, padding: filter.padding,
        step: filter.middle == nil ? 1 : 2, rows: rows.baseAddress, middle: filter.middle ?? 0)
      if scratch.isEmpty {
        let count = unsafe vk_polyphase_scratch(kernel.lanes, &polyphase)
        scratch = [Float](unfilled: count)
      }
      let most = vk_polyphase_outputs(kernel.lanes, filter.up)
      unsafe pending.withUnsafeBufferPointer { input in
        for start in stride(from: 0, to: output.count, by: most) {
          let part = output.extracting(start..<min(start + most, output.count))
          let unread = input.extracting(read...)
          unsafe kernel.filter(
            &polyphase, unread.baseAddress, unread.count, phase, part.baseAddress, part.count,
            &scratch)
          let place = phase + part.count * filter.down
          read += place / filter.up
          phase = place % filter.up
        }
      }
    }
    self.phase = phase
    pending.removeFirst(read)
  }
}
