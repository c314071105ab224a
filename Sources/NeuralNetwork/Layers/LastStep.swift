/// A clip's last frame: what an LSTM knows after it has heard everything.
public struct LastStep: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public init(name: String) { self.name = name }
  }

  public let spec: Spec
  public let output: FrameShape
  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape) throws(ModelError) {
    try spec.check(!input.isPooled && input.bands == 1, "needs a sequence")
    self.spec = spec
    var shape = input
    shape.isPooled = true
    output = shape
  }

  public func outputFrames(_ frames: Int) -> Int { min(frames, 1) }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    let x = x
    let size = x.frameSize
    let last = x.valueRanges.flatMap { x.values[($0.upperBound - size)..<$0.upperBound] }
    return Batch(
      lengths: x.lengths.map { _ in 1 }, bands: x.bands, channels: x.channels, values: last)
  }
}
