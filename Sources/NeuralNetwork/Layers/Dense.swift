import LinearAlgebra

/// A fully connected layer applied to every frame (`torch.nn.Linear`).
package struct Dense: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = Dense
    package static let typeName = "dense"

    package var name: String
    package var units: Int

    package init(name: String, units: Int) {
      self.name = name
      self.units = units
    }
  }

  package let spec: Spec
  let input: FrameShape
  package let output: FrameShape
  /// (inputs, units)
  package let weight: Range<Int>
  package let bias: Range<Int>
  /// Of a frozen layer, whose weights are known.
  private var packedWeight: PackedMatrix?

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
    try spec.check(spec.units, "units", 1...65_536)
    try spec.check(input.bands == 1, "needs a sequence; put a sequence layer before it")
    self.spec = spec
    self.input = input
    output = input.features(spec.units)
    let start = Initialization.uniform(1 / Float(input.channels).squareRoot())
    weight = layout.addInputWeight(
      spec.name + ".weight", outputs: spec.units, input: input, initialization: start)
    bias = layout.addParameter(
      spec.name + ".bias", shape: [spec.units], initialization: start, decays: false)
  }

  package func floatingPointOperations(_ frames: Int) -> Int {
    2 * (input.isPooled ? 1 : frames) * input.channels * spec.units
  }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch { apply(x, weights) }

  package func frozen(_ weights: Weights) -> Dense {
    var layer = self
    layer.packedWeight = PackedMatrix(weight, of: weights, rows: input.channels)
    return layer
  }

  func apply(_ x: Batch, _ weights: Weights) -> Batch {
    var y = Batch(unfilled: x.lengths, bands: 1, channels: spec.units)
    let matrix = packedWeight ?? PackedMatrix(weight, of: weights, rows: input.channels)
    y.values.updateAll {
      matrix.multiply(x.values.span, into: &$0)
      addRow(weights.parameters.span.extracting(bias), to: &$0)
    }
    return y
  }
}

extension Dense {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Batch) {
    let x = x
    return (apply(x, weights), x)
  }

  /// dW = xᵀ · dy, db = Σ dy, dx = dy · Wᵀ.
  package func backward(
    _ dy: consuming Batch, _ x: consuming Batch, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    let (x, dy) = (x, dy)
    gradient.updatePart(weight) {
      multiply(
        x.values.span, dy.values.span, transposing: .first, into: &$0, rows: input.channels,
        inner: x.frames, columns: spec.units, accumulating: true)
    }
    gradient.updatePart(bias) { addColumnSums(of: dy.values.span, to: &$0) }
    var dx = Batch(unfilled: x.lengths, bands: 1, channels: x.channels)
    dx.values.updateAll {
      multiply(
        dy.values.span, weights.parameters.span.extracting(weight), transposing: .second, into: &$0,
        rows: x.frames, inner: spec.units, columns: input.channels)
    }
    return dx
  }
}

extension LayerSpec {
  package static func dense(_ spec: Dense.Spec) -> LayerSpec { LayerSpec(spec) }
}
