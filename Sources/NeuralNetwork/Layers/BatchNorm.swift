import LinearAlgebra
package import StrictJSON

/// Batch normalisation per channel (Ioffe and Szegedy 2015; `torch.nn.BatchNorm2d`). Frozen, it
/// scales by its running statistics; a convolution before it takes that in when a model is loaded.
package struct BatchNorm: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = BatchNorm
    package static let typeName = "batchNorm"

    package var name: String
    package var epsilon: Float = 1e-5
    package var momentum: Float = 0.1

    package static var defaults: JSONValue? {
      options("epsilon", "momentum", of: .init(name: ""))
    }

    package init(name: String, epsilon: Float = 1e-5, momentum: Float = 0.1) {
      self.name = name
      self.epsilon = epsilon
      self.momentum = momentum
    }
  }

  package let spec: Spec
  package let output: FrameShape
  let weight: Range<Int>
  let bias: Range<Int>
  let runningMean: Range<Int>
  let runningVariance: Range<Int>

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
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
  func affine(_ weights: Weights) -> (scale: [Float], shift: [Float]) {
    let scale = zip(weight, runningVariance).map { w, v in
      weights.parameters[w] / (weights.statistics[v] + spec.epsilon).squareRoot()
    }
    let shift = (0..<output.channels).map { c in
      weights.parameters[bias.lowerBound + c]
        - weights.statistics[runningMean.lowerBound + c] * scale[c]
    }
    return (scale, shift)
  }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    var y = x
    let (scale, shift) = affine(weights)
    y.values.updateAll { scaleAndShift(&$0, scale: scale.span, shift: shift.span) }
    return y
  }
}

extension BatchNorm {
  package struct Tape: Sendable {
    let input: Batch
    let mean: [Float]
    let variance: [Float]
  }

  /// Normalises by the mean and variance of this batch.
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let x = x
    let moments = ColumnMoments(of: x.values.span, columns: x.channels)
    let count = Float(x.values.count / x.channels)
    pass.moments.append(
      BatchMoments(
        mean: moments.mean, variance: moments.variance.map { $0 * count / max(count - 1, 1) },
        runningMean: runningMean, runningVariance: runningVariance, momentum: spec.momentum))
    let scale = zip(weight, moments.variance).map { w, variance in
      weights.parameters[w] / (variance + spec.epsilon).squareRoot()
    }
    let shift = zip(bias, zip(moments.mean, scale)).map { b, rest in
      weights.parameters[b] - rest.0 * rest.1
    }
    var y = Batch(unfilled: x.lengths, bands: x.bands, channels: x.channels)
    y.values.updateAll {
      scaleAndShift(x.values.span, scale: scale.span, shift: shift.span, into: &$0)
    }
    return (y, Tape(input: x, mean: moments.mean, variance: moments.variance))
  }

  /// dx = γ/σ · (dy - mean(dy) - x̂ · mean(dy · x̂)), x̂ = (x - μ)/σ.
  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    let (x, mean, variance) = (tape.input, tape.mean, tape.variance)
    var dy = dy
    let channels = x.channels
    let count = Float(x.values.count / channels)
    var sums = [Float](repeating: 0, count: channels)
    var products = sums
    sums.updateAll { sums in
      products.updateAll { products in
        normalizationSums(
          ofGradient: dy.values.span, input: x.values.span, mean: mean.span, sums: &sums,
          products: &products)
      }
    }
    var (a, b, d) = (sums, sums, sums)
    for c in 0..<channels {
      let inverse = 1 / (variance[c] + spec.epsilon).squareRoot()
      gradient[weight.lowerBound + c] += products[c] * inverse
      gradient[bias.lowerBound + c] += sums[c]
      a[c] = weights.parameters[weight.lowerBound + c] * inverse
      b[c] = -a[c] * products[c] * inverse * inverse / count
      d[c] = -a[c] * sums[c] / count
    }
    dy.values.updateAll {
      normalizationBackward(
        &$0, input: x.values.span, mean: mean.span, a: a.span, b: b.span, d: d.span)
    }
    return dy
  }
}

extension LayerSpec {
  package static func batchNorm(_ spec: BatchNorm.Spec) -> LayerSpec { LayerSpec(spec) }
}
