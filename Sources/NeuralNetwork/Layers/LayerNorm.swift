package import StrictJSON

/// Normalisation of each frame over its own channels (Ba et al. 2016; `torch.nn.LayerNorm`).
package struct LayerNorm: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = LayerNorm
    package static let typeName = "layerNorm"

    package var name: String
    package var epsilon: Float = 1e-5

    package static var defaults: JSONValue? {
      options("epsilon", of: .init(name: ""))
    }

    package init(name: String, epsilon: Float = 1e-5) {
      self.name = name
      self.epsilon = epsilon
    }
  }

  package let spec: Spec
  package let output: FrameShape
  let weight: Range<Int>
  let bias: Range<Int>

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
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

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    normalize(x, weights).output
  }

  /// The answer, and each frame's 1 / σ and normalised values before weight and bias.
  func normalize(
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

extension LayerNorm {
  package struct Tape: Sendable {
    let normalized: [Float]
    /// 1 / σ of each frame.
    let inverse: [Float]
  }

  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let (y, normalized, inverse) = normalize(x, weights)
    return (y, Tape(normalized: normalized, inverse: inverse))
  }

  /// With x̂ the normalised frame and g = γ · dy: dx = (g - mean(g) - x̂ · mean(g · x̂)) / σ.
  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    let (x, inverse) = (tape.normalized, tape.inverse)
    var dy = dy
    let channels = dy.channels
    for (frame, scale) in inverse.enumerated() {
      let start = frame * channels
      var (sum, product): (Float, Float) = (0, 0)
      for c in 0..<channels {
        let slope = dy.values[start + c]
        gradient[weight.lowerBound + c] += slope * x[start + c]
        gradient[bias.lowerBound + c] += slope
        let g = slope * weights.parameters[weight.lowerBound + c]
        dy.values[start + c] = g
        sum += g
        product += g * x[start + c]
      }
      (sum, product) = (sum / Float(channels), product / Float(channels))
      for c in start..<start + channels {
        dy.values[c] = (dy.values[c] - sum - x[c] * product) * scale
      }
    }
    return dy
  }
}

extension LayerSpec {
  package static func layerNorm(_ spec: LayerNorm.Spec) -> LayerSpec { LayerSpec(spec) }
}
