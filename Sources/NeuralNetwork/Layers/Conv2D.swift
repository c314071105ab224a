package import LinearAlgebra

/// A two-dimensional convolution over bands and frames (`torch.nn.Conv2d`): cross-correlation with
/// zeros around.
///
/// x is (frames, bands, channels). Kernel, stride and padding are given as PyTorch gives them for
/// an input (channels, bands, frames): bands first.
public struct Conv2D: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public var channels: Int
    public var kernel: [Int]
    public var stride: [Int] = [1, 1]
    public var padding: [Int] = [0, 0]
    public var bias = true

    public init(
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

  public let spec: Spec
  public let input: FrameShape
  public let output: FrameShape
  /// (kernel frames, kernel bands, channels in, channels out)
  package let weight: Range<Int>
  package let bias: Range<Int>?
  /// Set when a following rectifier was folded in.
  var rectifies = false

  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape, layout: inout ParameterLayout) throws(ModelError) {
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
  package func geometry(_ frames: Int) -> PatchGeometry {
    PatchGeometry(
      frames: frames, bands: input.bands, channels: input.channels,
      kernel: (spec.kernel[1], spec.kernel[0]), stride: (spec.stride[1], spec.stride[0]),
      padding: (spec.padding[1], spec.padding[0]))
  }

  public func outputFrames(_ frames: Int) -> Int {
    let padded = frames + 2 * spec.padding[1]
    return padded < spec.kernel[1] ? 0 : (padded - spec.kernel[1]) / spec.stride[1] + 1
  }

  public func floatingPointOperations(_ frames: Int) -> Int {
    2 * outputFrames(frames) * output.size * input.channels * spec.kernel[0] * spec.kernel[1]
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    convolve(x, weights)
  }

  /// The patches of a few frames at a time, small enough to stay in the cache, times the kernel.
  package func convolve(_ x: Batch, _ weights: Weights) -> Batch {
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
