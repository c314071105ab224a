import LinearAlgebra

/// Probabilities from logits, over each frame's channels (`torch.nn.Softmax`).
public struct Softmax: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public init(name: String) { self.name = name }
  }

  public let spec: Spec
  public let output: FrameShape
  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape) {
    self.spec = spec
    output = input
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    var y = x
    let channels = output.channels
    for row in 0..<y.values.count / channels {
      y.values.updatePart(row * channels..<(row + 1) * channels) { softmax(&$0) }
    }
    return y
  }
}
