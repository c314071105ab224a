package import StrictJSON

/// Brings each value of a frame to mean 0 and deviation 1 over the training part, and holds it within ± `limit`, so that a
/// recording unlike any other cannot drown the rest of what is known of it. As a network's first layer, training finds the
/// means and deviations before it begins.
package struct Standardize: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = Standardize
    package static let typeName = "standardize"

    package var name: String
    package var limit: Float = 4

    package static var defaults: JSONValue? {
      options("limit", of: .init(name: ""))
    }

    package init(name: String, limit: Float = 4) {
      self.name = name
      self.limit = limit
    }
  }

  /// What a value is multiplied by. A smaller deviation is rounding noise around a constant, such as the mean of a plane
  /// that is normalised to mean 0: it says nothing, and would be blown up.
  package static func factor(deviation: Float) -> Float { deviation >= 1e-5 ? 1 / deviation : 0 }

  package let spec: Spec
  package let output: FrameShape
  package let mean: Range<Int>
  package let deviation: Range<Int>

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
    try spec.check(spec.limit > 0 && spec.limit.isFinite, "limit must be above 0")
    try spec.check(input.bands == 1 && input.mergedBands == 1, "needs a vector of features")
    self.spec = spec
    output = input
    let axes = [input.channels]
    mean = layout.addStatistic(spec.name + ".mean", axes: axes, order: [0], initially: 0)
    deviation = layout.addStatistic(spec.name + ".deviation", axes: axes, order: [0], initially: 1)
  }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    var y = x
    for start in stride(from: 0, to: y.values.count, by: output.channels) {
      for c in 0..<output.channels {
        let factor = Self.factor(deviation: weights.statistics[deviation.lowerBound + c])
        let value = (y.values[start + c] - weights.statistics[mean.lowerBound + c]) * factor
        y.values[start + c] = min(max(value, -spec.limit), spec.limit)
      }
    }
    return y
  }
}

extension Standardize {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Batch) {
    let y = forward(x, weights)
    return (y, y)
  }

  /// dx = dy / deviation; 0 where the limit held the value or there is no deviation.
  package func backward(
    _ dy: consuming Batch, _ y: consuming Batch, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    var dx = dy
    for start in stride(from: 0, to: dx.values.count, by: output.channels) {
      for c in 0..<output.channels {
        let factor = Self.factor(deviation: weights.statistics[deviation.lowerBound + c])
        let isHeld = abs(y.values[start + c]) >= spec.limit
        dx.values[start + c] = isHeld ? 0 : dx.values[start + c] * factor
      }
    }
    return dx
  }
}

extension LayerSpec {
  package static func standardize(_ spec: Standardize.Spec) -> LayerSpec { LayerSpec(spec) }
}
