import LinearAlgebra
package import StrictJSON

/// A two-dimensional convolution over bands and frames (`torch.nn.Conv2d`): cross-correlation with
/// zeros around.
///
/// x is (frames, bands, channels). Kernel, stride and padding are given as PyTorch gives them for
/// an input (channels, bands, frames): bands first.
package struct Conv2D: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = Conv2D
    package static let typeName = "conv2d"

    package var name: String
    package var channels: Int
    package var kernel: [Int]
    package var stride: [Int] = [1, 1]
    package var padding: [Int] = [0, 0]
    package var bias = true

    package static var defaults: JSONValue? {
      options("stride", "padding", "bias", of: .init(name: "", channels: 1, kernel: [1, 1]))
    }

    package init(
      name: String, channels: Int, kernel: [Int], stride: [Int] = [1, 1], padding: [Int] = [0, 0],
      bias: Bool = true
    ) {
      self.name = name
      self.channels = channels
      self.kernel = kernel
      self.stride = stride
      self.padding = padding
      self.bias = bias
    }
  }

  package let spec: Spec
  let input: FrameShape
  package let output: FrameShape
  /// (kernel frames, kernel bands, channels in, channels out)
  let weight: Range<Int>
  private(set) var bias: Range<Int>?
  /// Set when a following rectifier was folded in.
  private var rectifies = false

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
    try spec.check(spec.channels, "channels", 1...4096)
    try spec.check(spec.kernel, "kernel", 1...63)
    try spec.check(spec.stride, "stride", 1...63)
    try spec.check(spec.padding, "padding", 0...62)
    try spec.check(!input.isPooled && input.mergedBands == 1, "needs frames with bands")
    try spec.check(
      spec.padding[0] < spec.kernel[0] && spec.padding[1] < spec.kernel[1],
      "padding must be smaller than the kernel")
    try spec.check(
      input.bands + 2 * spec.padding[0] >= spec.kernel[0],
      "its kernel spans more than the \(input.bands) bands it gets")
    self.spec = spec
    self.input = input
    let bands = (input.bands + 2 * spec.padding[0] - spec.kernel[0]) / spec.stride[0] + 1
    output = FrameShape(bands: bands, channels: spec.channels)
    let fanIn = input.channels * spec.kernel[0] * spec.kernel[1]
    try spec.check(
      bands * fanIn <= 16 * Network.frameSizeLimit,
      "its kernel sees \(bands * fanIn) values for one frame, "
        + "more than \(16 * Network.frameSizeLimit)")
    let start = Initialization.uniform(1 / Float(fanIn).squareRoot())
    weight = layout.addParameter(
      spec.name + ".weight",
      shape: [spec.channels, input.channels, spec.kernel[0], spec.kernel[1]],
      order: [3, 2, 1, 0], initialization: start, decays: true)
    bias =
      spec.bias
      ? layout.addParameter(
        spec.name + ".bias", shape: [spec.channels], initialization: start, decays: false) : nil
  }

  /// The patches of a clip of `frames`.
  func geometry(_ frames: Int) -> PatchGeometry {
    PatchGeometry(
      frames: frames, bands: input.bands, channels: input.channels,
      kernel: (spec.kernel[1], spec.kernel[0]), stride: (spec.stride[1], spec.stride[0]),
      padding: (spec.padding[1], spec.padding[0]))
  }

  package func outputFrames(_ frames: Int) -> Int {
    let padded = frames + 2 * spec.padding[1]
    return padded < spec.kernel[1] ? 0 : (padded - spec.kernel[1]) / spec.stride[1] + 1
  }

  package func floatingPointOperations(_ frames: Int) -> Int {
    2 * outputFrames(frames) * output.size * input.channels * spec.kernel[0] * spec.kernel[1]
  }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    convolve(x, weights)
  }

  /// The patches of a few frames at a time, small enough to stay in the cache, times the kernel.
  func convolve(_ x: Batch, _ weights: Weights) -> Batch {
    var y = Batch(
      unfilled: x.lengths.map(outputFrames), bands: output.bands, channels: output.channels)
    let kernel = weights.parameters.span.extracting(weight)
    var patches: [Float] = []
    for (from, to) in zip(x.valueRanges, y.valueRanges) {
      let geometry = geometry(from.count / x.frameSize)
      let volume = x.values.span.extracting(from)
      for first in stride(from: 0, to: geometry.outFrames, by: geometry.framesPerBlock) {
        let block = first..<min(first + geometry.framesPerBlock, geometry.outFrames)
        let rows = block.count * output.bands
        patches.resize(to: rows * geometry.patchSize)
        patches.updateAll { geometry.gather(volume, frames: block, into: &$0) }
        let start = to.lowerBound + first * y.frameSize
        y.values.updatePart(start..<start + rows * output.channels) {
          multiply(
            patches.span, kernel, into: &$0, rows: rows, inner: geometry.patchSize,
            columns: output.channels)
          if let bias {
            addRow(weights.parameters.span.extracting(bias), to: &$0, rectifying: rectifies)
          }
        }
      }
    }
    return y
  }
}

extension Conv2D {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Batch) {
    let x = x
    return (convolve(x, weights), x)
  }

  /// With P the patches of x: dW = Pᵀ · dy, dP = dy · Wᵀ, and dx is dP added back to where the
  /// patches came from; not computed where nothing learns from it.
  package func backward(
    _ dy: consuming Batch, _ x: consuming Batch, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    let (x, dy) = (x, dy)
    var dx = Batch(lengths: x.lengths, bands: x.bands, channels: x.channels)
    var patches: [Float] = []
    for (from, to) in zip(x.valueRanges, dy.valueRanges) {
      let geometry = geometry(from.count / x.frameSize)
      for first in stride(from: 0, to: geometry.outFrames, by: geometry.framesPerBlock) {
        let block = first..<min(first + geometry.framesPerBlock, geometry.outFrames)
        let rows = block.count * output.bands
        let start = to.lowerBound + first * dy.frameSize
        let upstream = dy.values.span.extracting(start..<start + rows * output.channels)
        patches.resize(to: rows * geometry.patchSize)
        patches.updateAll {
          geometry.gather(x.values.span.extracting(from), frames: block, into: &$0)
        }
        gradient.updatePart(weight) {
          multiply(
            patches.span, upstream, transposing: .first, into: &$0, rows: geometry.patchSize,
            inner: rows, columns: output.channels, accumulating: true)
        }
        if input.isNetworkInput { continue }
        patches.updateAll {
          multiply(
            upstream, weights.parameters.span.extracting(weight), transposing: .second, into: &$0,
            rows: rows, inner: output.channels, columns: geometry.patchSize)
        }
        dx.values.updatePart(from) {
          geometry.scatter(adding: patches.span, frames: block, to: &$0)
        }
      }
    }
    if let bias {
      gradient.updatePart(bias) { addColumnSums(of: dy.values.span, to: &$0) }
    }
    return dx
  }
}

extension Conv2D {
  /// Takes in a batch normalisation, or a rectifier if it has a bias to add in the same pass.
  package func absorbing(_ next: any Layer, _ weights: inout Weights) -> Conv2D? {
    switch next {
    case let norm as BatchNorm where !rectifies: scaled(by: norm, &weights)
    case is ReLU where bias != nil: rectifying()
    default: nil
    }
  }

  /// A convolution without a bias takes the normalisation's place for one.
  private func scaled(by norm: BatchNorm, _ weights: inout Weights) -> Conv2D {
    let (scale, shift) = norm.affine(weights)
    for (i, place) in weight.enumerated() { weights.parameters[place] *= scale[i % spec.channels] }
    for c in 0..<spec.channels {
      let own = bias.map { weights.parameters[$0.lowerBound + c] } ?? 0
      weights.parameters[(bias ?? norm.bias).lowerBound + c] = own * scale[c] + shift[c]
    }
    var layer = self
    layer.bias = bias ?? norm.bias
    return layer
  }

  private func rectifying() -> Conv2D {
    var layer = self
    layer.rectifies = true
    return layer
  }
}

extension LayerSpec {
  package static func conv2d(_ spec: Conv2D.Spec) -> LayerSpec { LayerSpec(spec) }
}
