import LinearAlgebra

/// max(x, 0) (`torch.nn.ReLU`).
package struct ReLU: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = ReLU
    package static let typeName = "relu"

    package var name: String
    package init(name: String) { self.name = name }
  }

  package let spec: Spec
  package let output: FrameShape

  package init(_ spec: Spec, input: FrameShape, layout: inout ParameterLayout) {
    self.spec = spec
    output = input
  }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    var y = x
    y.values.updateAll { rectify(&$0) }
    return y
  }
}

extension ReLU {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Batch) {
    let y = forward(x, weights)
    return (y, y)
  }

  package func backward(
    _ dy: consuming Batch, _ y: consuming Batch, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    var dy = dy
    dy.values.updateAll { rectifyBackward(&$0, y.values.span) }
    return dy
  }
}

extension LayerSpec {
  package static func relu(_ spec: ReLU.Spec) -> LayerSpec { LayerSpec(spec) }
}
