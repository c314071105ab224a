import LinearAlgebra

/// max(x, 0) (`torch.nn.ReLU`).
public struct ReLU: Layer {
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
    y.values.updateAll { rectify(&$0) }
    return y
  }
}
