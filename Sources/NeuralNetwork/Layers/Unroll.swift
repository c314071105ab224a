/// A clip's vector as a sequence, one step a number: what a recurrent layer needs to read a mean over
/// time coefficient by coefficient.
public struct Unroll: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public init(name: String) { self.name = name }
  }

  public let spec: Spec
  public let output: FrameShape
  package let steps: Int
  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape) throws(ModelError) {
    try spec.check(input.isPooled, "needs one vector a clip; put a pooling layer before it")
    try spec.check(
      input.bands == 1 && input.isInFileOrder,
      "its input's features lie side by side in bands; put a dense layer before it")
    self.spec = spec
    steps = input.channels
    output = FrameShape(bands: 1, channels: 1)
  }

  public func outputFrames(_ frames: Int) -> Int { frames < 1 ? 0 : steps }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    Batch(lengths: x.lengths.map { _ in steps }, bands: 1, channels: 1, values: x.values)
  }
}
