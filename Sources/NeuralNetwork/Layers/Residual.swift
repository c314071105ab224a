import LinearAlgebra

/// x + f(x), f being a list of layers that gives frames as it gets them, and as many (He et al. 2016).
package struct Residual: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = Residual
    package static let typeName = "residual"

    package var name: String
    package var layers: [LayerSpec]

    package var inner: [LayerSpec] { layers }

    package init(name: String, layers: [LayerSpec]) {
      self.name = name
      self.layers = layers
    }

  }

  package let spec: Spec
  package let output: FrameShape
  private var layers: [any Layer]

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
    let before = layout.parameterCount
    let layers = try spec.layers.layers(input: input, layout: &layout)
    guard let last = layers.last?.output, layout.parameterCount > before else {
      throw .invalidLayer(name: spec.name, problem: "needs a layer with weights")
    }
    try spec.check(
      last.lines(upWith: input),
      "its layers must give frames as they get them, (\(input.bands), \(input.channels)) and in "
        + "the same order; a dense layer before it and one at its end do that")
    try spec.check(
      (1...64).allSatisfy { layers.outputFrames($0) == $0 },
      "its layers must keep the number of frames")
    (self.spec, self.layers) = (spec, layers)
    output = input
  }

  package func floatingPointOperations(_ frames: Int) -> Int {
    layers.floatingPointOperations(frames)
  }

  package func foldingInside(_ weights: inout Weights) -> Residual {
    var layer = self
    layer.layers = layers.folded(&weights)
    return layer
  }

  package func frozen(_ weights: Weights) -> Residual {
    var layer = self
    layer.layers = layers.frozen(weights)
    return layer
  }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    let x = x
    var y = layers.forward(x, weights)
    y.values.updateAll { addScaled(x.values.span, 1, to: &$0) }
    return y
  }
}

extension Residual {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, [any RecordedLayer]) {
    let x = x
    var (y, recorded) = layers.record(x, weights, &pass)
    y.values.updateAll { addScaled(x.values.span, 1, to: &$0) }
    return (y, recorded)
  }

  /// dx = dy + what comes through the layers.
  package func backward(
    _ dy: consuming Batch, _ recorded: consuming [any RecordedLayer], _ weights: Weights,
    _ gradient: inout [Float]
  ) -> Batch {
    let dy = dy
    var dx = recorded.backward(dy, weights, &gradient)
    dx.values.updateAll { addScaled(dy.values.span, 1, to: &$0) }
    return dx
  }
}

extension LayerSpec {
  package static func residual(_ spec: Residual.Spec) -> LayerSpec { LayerSpec(spec) }
}
