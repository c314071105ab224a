import LinearAlgebra

/// A fully connected layer applied to every frame (`torch.nn.Linear`).
public struct Dense: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public var units: Int

    public init(name: String, units: Int) {
      self.name = name
      self.units = units
    }
  }

  public let spec: Spec
  public let input: FrameShape
  public let output: FrameShape
  /// (inputs, units)
  package let weight: Range<Int>
  package let bias: Range<Int>

  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape, layout: inout ParameterLayout) throws(ModelError) {
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

  public func floatingPointOperations(_ frames: Int) -> Int {
    2 * (input.isPooled ? 1 : frames) * input.channels * spec.units
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch { apply(x, weights) }

  package func apply(_ x: Batch, _ weights: Weights) -> Batch {
    var y = Batch(unfilled: x.lengths, bands: 1, channels: spec.units)
    let parameters = weights.parameters.span
    y.values.updateAll {
      multiply(
        x.values.span, parameters.extracting(weight), into: &$0,
        rows: x.frames, inner: input.channels, columns: spec.units)
      addRow(parameters.extracting(bias), to: &$0)
    }
    return y
  }
}

extension ParameterLayout {
  /// A matrix over a frame's features: (outputs, inputs) in the file, (inputs, outputs) in memory,
  /// inputs in the frame's own order.
  mutating func addInputWeight(
    _ name: String, outputs: Int, input: FrameShape, initialization: Initialization
  ) -> Range<Int> {
    addParameter(
      name, shape: [outputs, input.channels], axes: [outputs] + input.fileAxes,
      order: [1, 3, 2, 0], initialization: initialization, decays: true)
  }
}
