import LinearAlgebra

/// Probabilities from logits, over each frame's channels (`torch.nn.Softmax`).
package struct Softmax: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = Softmax
    package static let typeName = "softmax"

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
    let channels = output.channels
    for row in 0..<y.values.count / channels {
      y.values.updatePart(row * channels..<(row + 1) * channels) { softmax(&$0) }
    }
    return y
  }
}

extension Softmax {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Batch) {
    let y = forward(x, weights)
    return (y, y)
  }

  /// dx = y ∘ (dy - Σ y ∘ dy), over each frame. Training takes a closing softmax into its loss and does
  /// not come here.
  package func backward(
    _ dy: consuming Batch, _ y: consuming Batch, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    var dx = dy
    for start in stride(from: 0, to: y.values.count, by: output.channels) {
      let frame = start..<start + output.channels
      let mean = frame.reduce(Float(0)) { $0 + y.values[$1] * dx.values[$1] }
      for c in frame { dx.values[c] = y.values[c] * (dx.values[c] - mean) }
    }
    return dx
  }
}

extension LayerSpec {
  package static func softmax(_ spec: Softmax.Spec) -> LayerSpec { LayerSpec(spec) }
}
