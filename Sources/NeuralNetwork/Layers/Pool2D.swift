package import LinearAlgebra

/// What is made of a window, and the gradient of it.
package protocol WindowReduction: Sendable {
  /// What the gradient needs, beside the lengths of the clips.
  associatedtype Tape: Sendable

  /// The pooling layer's `type` in JSON.
  static var typeName: String { get }

  static func tape(input: Batch, output: Batch) -> Tape

  /// Reduces every window of a clip.
  static func reduce(_ x: Span<Float>, _ geometry: PoolGeometry, into y: inout MutableSpan<Float>)

  /// Adds the gradient of a clip, which lies at `from` in the input and at `to` in the answer.
  static func spread(
    _ dy: Span<Float>, _ tape: Tape, from: Range<Int>, to: Range<Int>, _ geometry: PoolGeometry,
    into dx: inout MutableSpan<Float>)
}

package enum Maximum: WindowReduction {
  package static let typeName = "maxPool"

  package static func tape(input: Batch, output: Batch) -> (input: Batch, output: Batch) {
    (input, output)
  }

  package static func reduce(
    _ x: Span<Float>, _ geometry: PoolGeometry, into y: inout MutableSpan<Float>
  ) {
    geometry.maximum(x, into: &y)
  }

  package static func spread(
    _ dy: Span<Float>, _ tape: (input: Batch, output: Batch), from: Range<Int>, to: Range<Int>,
    _ geometry: PoolGeometry, into dx: inout MutableSpan<Float>
  ) {
    geometry.maximumBackward(
      dy, x: tape.input.values.span.extracting(from), y: tape.output.values.span.extracting(to),
      into: &dx)
  }
}

package enum Average: WindowReduction {
  package static let typeName = "averagePool"

  package static func tape(input: Batch, output: Batch) {}

  package static func reduce(
    _ x: Span<Float>, _ geometry: PoolGeometry, into y: inout MutableSpan<Float>
  ) {
    geometry.average(x, into: &y)
  }

  package static func spread(
    _ dy: Span<Float>, _ tape: Void, from: Range<Int>, to: Range<Int>, _ geometry: PoolGeometry,
    into dx: inout MutableSpan<Float>
  ) {
    geometry.averageBackward(dy, into: &dx)
  }
}

/// Maximum or average over windows of bands and frames, without padding; what does not fill a
/// window is left out (`torch.nn.MaxPool2d`, `torch.nn.AvgPool2d`).
package struct Pool2D<Reduction: WindowReduction>: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = Pool2D
    package static var typeName: String { Reduction.typeName }

    package var name: String
    /// Bands and frames of a window.
    package var window: [Int]
    /// Bands and frames from window to window; the window's own size when left out.
    package var stride: [Int]?

    package init(name: String, window: [Int], stride: [Int]? = nil) {
      self.name = name
      self.window = window
      self.stride = stride
    }
  }

  package let spec: Spec
  private let input: FrameShape
  package let output: FrameShape
  private let stride: [Int]

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
    let stride = spec.stride ?? spec.window
    // A window's position must fit a byte.
    try spec.check(spec.window, "window", 1...15)
    try spec.check(stride, "stride", 1...63)
    try spec.check(!input.isPooled && input.mergedBands == 1, "needs frames with bands")
    try spec.check(
      input.bands >= spec.window[0], "its window spans more than the \(input.bands) bands it gets")
    (self.spec, self.input, self.stride) = (spec, input, stride)
    let bands = (input.bands - spec.window[0]) / stride[0] + 1
    output = FrameShape(bands: bands, channels: input.channels)
  }

  package func outputFrames(_ frames: Int) -> Int {
    frames < spec.window[1] ? 0 : (frames - spec.window[1]) / stride[1] + 1
  }

  private func geometry(_ frames: Int) -> PoolGeometry {
    PoolGeometry(
      bands: input.bands, channels: input.channels, windowFrames: spec.window[1],
      windowBands: spec.window[0], strideFrames: stride[1], strideBands: stride[0],
      outFrames: outputFrames(frames), outBands: output.bands)
  }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch { pool(x) }

  private func pool(_ x: Batch) -> Batch {
    var y = Batch(
      unfilled: x.lengths.map(outputFrames), bands: output.bands, channels: output.channels)
    for (clip, (from, to)) in zip(x.valueRanges, y.valueRanges).enumerated() {
      y.values.updatePart(to) {
        Reduction.reduce(x.values.span.extracting(from), geometry(x.lengths[clip]), into: &$0)
      }
    }
    return y
  }
}

extension Pool2D {
  package struct Tape: Sendable {
    let lengths: [Int]
    let reduction: Reduction.Tape
  }

  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let x = x
    let y = pool(x)
    return (y, Tape(lengths: x.lengths, reduction: Reduction.tape(input: x, output: y)))
  }

  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    let (dy, tape) = (dy, tape)
    var dx = Batch(lengths: tape.lengths, bands: input.bands, channels: input.channels)
    for (clip, (from, to)) in zip(dx.valueRanges, dy.valueRanges).enumerated() {
      dx.values.updatePart(from) {
        Reduction.spread(
          dy.values.span.extracting(to), tape.reduction, from: from, to: to,
          geometry(tape.lengths[clip]), into: &$0)
      }
    }
    return dx
  }
}

extension LayerSpec {
  package static func maxPool(_ spec: Pool2D<Maximum>.Spec) -> LayerSpec { LayerSpec(spec) }
  package static func averagePool(_ spec: Pool2D<Average>.Spec) -> LayerSpec { LayerSpec(spec) }
}
