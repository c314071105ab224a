/// A resampler by polyphase filters, for frequent rates.
struct PolyphaseResampler: Sendable {
  private let conversion: RateConversion
  private var streams: [PolyphaseStream]
  private var taken = 0
  private var given = 0

  /// - Parameter width: Which of the processor's widths of vector computes, the widest being 0.
  init(_ conversion: RateConversion, width: Int = 0) {
    self.conversion = conversion
    streams = conversion.streams(width: width)
  }

  mutating func resample(_ input: Span<Float>, into output: inout [Float]) {
    taken += input.count
    let first = output.count
    filter(input, from: 0, into: &output)
    given += output.count - first
  }

  mutating func finish(into output: inout [Float]) {
    let silence = [Float](repeating: 0, count: 1024)
    let end = output.count + conversion.outputCount(of: taken) - given
    while output.count < end { filter(silence.span, from: 0, into: &output) }
    output.removeLast(output.count - end)
    given = conversion.outputCount(of: taken)
  }

  /// Runs through the streams from one of them on.
  private mutating func filter(
    _ input: Span<Float>, from place: Int, into output: inout [Float]
  ) {
    guard place < streams.count - 1 else {
      return streams[place].filter(input, into: &output)
    }
    var between: [Float] = []
    streams[place].filter(input, into: &between)
    filter(between.span, from: place + 1, into: &output)
  }
}
