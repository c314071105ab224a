package import LinearAlgebra

/// Maximum or average over windows of bands and frames, without padding; what does not fill a
/// window is left out (`torch.nn.MaxPool2d`, `torch.nn.AvgPool2d`).
public struct Pool2D: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    /// Bands and frames of a window.
    public var window: [Int]
    /// Bands and frames from window to window; the window's own size when left out.
    public var stride: [Int]?

    public init(name: String, window: [Int], stride: [Int]? = nil) {
      self.name = name
      self.window = window
      self.stride = stride
    }
  }

  package enum Kind: Sendable { case maximum, average }

  public let spec: Spec
  package let kind: Kind
  public let input: FrameShape
  public let output: FrameShape
  package let stride: [Int]

  public var name: String { spec.name }

  init(_ kind: Kind, _ spec: Spec, input: FrameShape) throws(ModelError) {
    let stride = spec.stride ?? spec.window
    // A window's position must fit a byte.
    try spec.check(spec.window, "window", 1...15)
    try spec.check(stride, "stride", 1...63)
    try spec.check(!input.isPooled && input.mergedBands == 1, "needs frames with bands")
    try spec.check(
      input.bands >= spec.window[0], "its window spans more than the \(input.bands) bands it gets")
    (self.kind, self.spec, self.input, self.stride) = (kind, spec, input, stride)
    let bands = (input.bands - spec.window[0]) / stride[0] + 1
    output = FrameShape(bands: bands, channels: input.channels)
  }

  public func outputFrames(_ frames: Int) -> Int {
    frames < spec.window[1] ? 0 : (frames - spec.window[1]) / stride[1] + 1
  }

  package func geometry(_ frames: Int) -> PoolGeometry {
    PoolGeometry(
      bands: input.bands, channels: input.channels, windowFrames: spec.window[1],
      windowBands: spec.window[0], strideFrames: stride[1], strideBands: stride[0],
      outFrames: outputFrames(frames), outBands: output.bands)
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    let x = x
    var y = Batch(
      unfilled: x.lengths.map(outputFrames), bands: output.bands, channels: output.channels)
    for (from, to) in zip(x.valueRanges, y.valueRanges) {
      let geometry = geometry(from.count / x.frameSize)
      let volume = x.values.span.extracting(from)
      y.values.updatePart(to) {
        switch kind {
        case .maximum: geometry.maximum(volume, into: &$0)
        case .average: geometry.average(volume, into: &$0)
        }
      }
    }
    return y
  }
}
