import LinearAlgebra

/// A clip's mean over time, and its deviation if asked (statistics pooling, Snyder et al. 2018).
/// The deviation is sqrt(max(variance, 1e-5)), the variance that of the population.
public struct StatisticsPooling: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public var deviation = true

    public init(name: String, deviation: Bool = true) {
      self.name = name
      self.deviation = deviation
    }
  }

  package static let smallestVariance: Float = 1e-5

  public let spec: Spec
  public let output: FrameShape
  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape) throws(ModelError) {
    try spec.check(!input.isPooled && input.bands == 1, "needs a sequence")
    self.spec = spec
    output = input.pooled(withDeviation: spec.deviation)
  }

  public func outputFrames(_ frames: Int) -> Int { min(frames, 1) }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    let x = x
    var pooled: [Float] = []
    for range in x.valueRanges {
      let moments = ColumnMoments(of: x.values.span.extracting(range), columns: x.channels)
      pooled += moments.mean
      if spec.deviation {
        pooled += moments.variance.map { max($0, Self.smallestVariance).squareRoot() }
      }
    }
    return Batch(
      lengths: x.lengths.map { _ in 1 }, bands: 1, channels: output.channels, values: pooled)
  }
}

extension FrameShape {
  /// One frame a clip, of means or of means and deviations.
  func pooled(withDeviation: Bool) -> FrameShape {
    var shape = self
    shape.isPooled = true
    if withDeviation {
      shape.channels *= 2
      shape.parts *= 2
    }
    return shape
  }
}
