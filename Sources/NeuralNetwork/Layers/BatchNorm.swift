import LinearAlgebra

/// Batch normalisation per channel (Ioffe and Szegedy 2015; `torch.nn.BatchNorm2d`). Frozen, it
/// scales by its running statistics; a convolution before it takes that in when a model is loaded.
public struct BatchNorm: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public var epsilon: Float = 1e-5
    public var momentum: Float = 0.1

    public init(name: String, epsilon: Float = 1e-5, momentum: Float = 0.1) {
      self.name = name
      self.epsilon = epsilon
      self.momentum = momentum
    }
  }

  public let spec: Spec
  public let output: FrameShape
  package let weight: Range<Int>
  package let bias: Range<Int>
  package let runningMean: Range<Int>
  package let runningVariance: Range<Int>

  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape, layout: inout ParameterLayout) throws(ModelError) {
    try spec.check(spec.epsilon > 0 && spec.epsilon < 1, "epsilon must lie between 0 and 1")
    try spec.check(spec.momentum >= 0 && spec.momentum <= 1, "momentum must lie between 0 and 1")
    self.spec = spec
    output = input
    let (name, count) = (spec.name, input.channels)
    let (axes, order) = (input.fileAxes, [0, 2, 1])
    weight = layout.addParameter(
      name + ".weight", shape: [count], axes: axes, order: order, initialization: .constant(1),
      decays: false)
    bias = layout.addParameter(
      name + ".bias", shape: [count], axes: axes, order: order, initialization: .constant(0),
      decays: false)
    runningMean = layout.addStatistic(
      name + ".running_mean", axes: axes, order: order, initially: 0)
    runningVariance = layout.addStatistic(
      name + ".running_var", axes: axes, order: order, initially: 1)
  }

  /// Factor and summand of each channel.
  package func affine(_ weights: Weights) -> (scale: [Float], shift: [Float]) {
    let scale = zip(weight, runningVariance).map { w, v in
      weights.parameters[w] / (weights.statistics[v] + spec.epsilon).squareRoot()
    }
    let shift = output.channelIndices.map { c in
      weights.parameters[bias.lowerBound + c]
        - weights.statistics[runningMean.lowerBound + c] * scale[c]
    }
    return (scale, shift)
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    var y = x
    let (scale, shift) = affine(weights)
    y.values.updateAll { scaleAndShift(&$0, scale: scale.span, shift: shift.span) }
    return y
  }
}

extension FrameShape {
  package var channelIndices: Range<Int> { 0..<channels }
}
