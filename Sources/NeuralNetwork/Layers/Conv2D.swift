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
  /// Set when the weights will not change any more.
  private var kernel: Convolution.PackedKernel?

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

  /// Over a clip of `frames`.
  private func convolution(_ frames: Int) -> Convolution {
    Convolution(
      frames: .init(
        size: frames, kernel: spec.kernel[1], stride: spec.stride[1], padding: spec.padding[1]),
      bands: .init(
        size: input.bands, kernel: spec.kernel[0], stride: spec.stride[0],
        padding: spec.padding[0]),
      channels: input.channels, columns: spec.channels)
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

  private func packedKernel(_ weights: Weights) -> Convolution.PackedKernel {
    convolution(0).packed(weights.parameters.span.extracting(weight))
  }

  package func frozen(_ weights: Weights) -> Conv2D {
    var layer = self
    layer.kernel = packedKernel(weights)
    return layer
  }

  private func convolve(_ x: Batch, _ weights: Weights) -> Batch {
    var y = Batch(
      unfilled: x.lengths.map(outputFrames), bands: output.bands, channels: output.channels)
    let kernel = kernel ?? packedKernel(weights)
    let bias = bias.map { Array(weights.parameters[$0]) }
    var padded: [Float] = []
    for (from, to) in zip(x.valueRanges, y.valueRanges) {
      y.values.updatePart(to) {
        convolution(from.count / x.frameSize).convolve(
          x.values.span.extracting(from), kernel, bias: bias, rectifying: rectifies, into: &$0,
          padded: &padded)
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

  /// dx is not computed where nothing learns from it.
  package func backward(
    _ dy: consuming Batch, _ x: consuming Batch, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    let (x, dy) = (x, dy)
    let kernel =
      input.isNetworkInput
      ? nil : convolution(0).transposed(weights.parameters.span.extracting(weight))
    var dx =
      kernel == nil
      ? Batch(lengths: x.lengths, bands: x.bands, channels: x.channels)
      : Batch(unfilled: x.lengths, bands: x.bands, channels: x.channels)
    var (gathered, padded): ([Float], [Float]) = ([], [])
    var upstream = Convolution.PaddedGradient()
    for (from, to) in zip(x.valueRanges, dy.valueRanges) {
      let convolution = convolution(from.count / x.frameSize)
      convolution.pad(dy.values.span.extracting(to), into: &upstream)
      convolution.addKernelGradient(
        x.values.span.extracting(from), upstream, to: &gathered, padded: &padded)
      if let kernel {
        dx.values.updatePart(from) { convolution.inputGradient(upstream, kernel, into: &$0) }
      }
    }
    gradient.updatePart(weight) { convolution(0).add(gathered, to: &$0) }
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
