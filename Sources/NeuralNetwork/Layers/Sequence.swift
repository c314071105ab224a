/// Lays the bands of a frame side by side, so that what follows sees one vector a frame
/// (`x.permute(0, 3, 1, 2).flatten(2)` in PyTorch, for x (clips, channels, bands, frames)).
///
/// Nothing moves: a frame's values already lie together. Only their order differs from PyTorch's,
/// which the weights of the next layer are turned to when they are loaded.
public struct ToSequence: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public init(name: String) { self.name = name }
  }

  public let spec: Spec
  public let output: FrameShape
  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape) throws(ModelError) {
    try spec.check(!input.isPooled, "needs a time axis")
    try spec.check(input.mergedBands == 1 && input.parts == 1, "its input is a sequence already")
    self.spec = spec
    var shape = FrameShape(bands: 1, channels: input.size)
    shape.mergedBands = input.bands
    output = shape
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    Batch(lengths: x.lengths, bands: 1, channels: x.frameSize, values: x.values)
  }
}
