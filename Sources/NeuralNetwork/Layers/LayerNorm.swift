/// Normalisation of each frame over its own channels (Ba et al. 2016; `torch.nn.LayerNorm`).
public struct LayerNorm: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public var epsilon: Float = 1e-5

    public init(name: String, epsilon: Float = 1e-5) {
      self.name = name
      self.epsilon = epsilon
    }
  }

  public let spec: Spec
  public let output: FrameShape
  package let weight: Range<Int>
  package let bias: Range<Int>

  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape, layout: inout ParameterLayout) throws(ModelError) {
    try spec.check(spec.epsilon > 0 && spec.epsilon < 1, "epsilon must lie between 0 and 1")
    try spec.check(input.bands == 1, "needs a sequence; put a sequence layer before it")
    self.spec = spec
    output = input
    func add(_ name: String, _ value: Float) -> Range<Int> {
      layout.addParameter(
        name, shape: [input.channels], axes: input.fileAxes, order: [0, 2, 1],
        initialization: .constant(value), decays: false)
    }
    weight = add(spec.name + ".weight", 1)
    bias = add(spec.name + ".bias", 0)
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    normalize(x, weights).output
  }

  /// The answer, and each frame's 1 / σ and normalised values before weight and bias.
  package func normalize(
    _ x: consuming Batch, _ weights: Weights
  ) -> (output: Batch, normalized: [Float], inverse: [Float]) {
    var y = x
    let channels = y.channels
    var normalized = y.values
    var inverse: [Float] = []
    inverse.reserveCapacity(y.frames)
    for start in stride(from: 0, to: normalized.count, by: channels) {
      let row = start..<start + channels
      let mean = normalized[row].reduce(0, +) / Float(channels)
      let variance = normalized[row].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let scale = 1 / (variance / Float(channels) + spec.epsilon).squareRoot()
      inverse.append(scale)
      for c in 0..<channels {
        let value = (normalized[start + c] - mean) * scale
        normalized[start + c] = value
        y.values[start + c] =
          value * weights.parameters[weight.lowerBound + c]
          + weights.parameters[bias.lowerBound + c]
      }
    }
    return (y, normalized, inverse)
  }
}
