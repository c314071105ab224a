/// Brings each value of a frame to mean 0 and deviation 1 over the training part, and holds it within ± `limit`, so that a
/// recording unlike any other cannot drown the rest of what is known of it. As a network's first layer, training finds the
/// means and deviations before it begins.
public struct Standardize: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public var limit: Float = 4

    public init(name: String, limit: Float = 4) {
      self.name = name
      self.limit = limit
    }
  }

  /// What a value is multiplied by. A smaller deviation is rounding noise around a constant, such as the mean of a plane
  /// that is normalised to mean 0: it says nothing, and would be blown up.
  package static func factor(deviation: Float) -> Float { deviation >= 1e-5 ? 1 / deviation : 0 }

  public let spec: Spec
  public let output: FrameShape
  package let mean: Range<Int>
  package let deviation: Range<Int>

  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape, layout: inout ParameterLayout) throws(ModelError) {
    try spec.check(spec.limit > 0 && spec.limit.isFinite, "limit must be above 0")
    try spec.check(input.bands == 1 && input.mergedBands == 1, "needs a vector of features")
    self.spec = spec
    output = input
    let axes = [input.channels]
    mean = layout.addStatistic(spec.name + ".mean", axes: axes, order: [0], initially: 0)
    deviation = layout.addStatistic(spec.name + ".deviation", axes: axes, order: [0], initially: 1)
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
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
