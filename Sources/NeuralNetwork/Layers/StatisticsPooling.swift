import LinearAlgebra
package import StrictJSON

/// A clip's mean over time, and its deviation if asked (statistics pooling, Snyder et al. 2018).
/// The deviation is sqrt(max(variance, 1e-5)), the variance that of the population.
package struct StatisticsPooling: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = StatisticsPooling
    package static let typeName = "statisticsPooling"

    package var name: String
    package var deviation = true

    package static var defaults: JSONValue? {
      options("deviation", of: .init(name: ""))
    }

    package init(name: String, deviation: Bool = true) {
      self.name = name
      self.deviation = deviation
    }
  }

  static let smallestVariance: Float = 1e-5

  package let spec: Spec
  package let output: FrameShape

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
    try spec.check(!input.isPooled && input.bands == 1, "needs a sequence")
    self.spec = spec
    output = input.pooled(withDeviation: spec.deviation)
  }

  package func outputFrames(_ frames: Int) -> Int { min(frames, 1) }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
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

extension StatisticsPooling {
  package struct Tape: Sendable {
    let input: Batch
    let output: Batch
  }

  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let x = x
    let y = forward(x, weights)
    return (y, Tape(input: x, output: y))
  }

  /// dx = dmean / T + ddeviation · (x - mean) / (T · deviation), the latter where the deviation
  /// was not held up by its floor.
  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    let (x, y) = (tape.input, tape.output)
    let dy = dy
    let (channels, width) = (x.channels, output.channels)
    var dx = Batch(lengths: x.lengths, bands: 1, channels: channels)
    for (clip, range) in x.frameRanges.enumerated() {
      let share = 1 / Float(range.count)
      for c in 0..<channels {
        let mean = clip * width + c
        var slope: Float = 0
        if spec.deviation {
          let deviation = y.values[mean + channels]
          let isFloored = deviation * deviation <= Self.smallestVariance * 1.000_001
          slope = isFloored ? 0 : dy.values[mean + channels] * share / deviation
        }
        for t in range {
          let i = t * channels + c
          dx.values[i] = dy.values[mean] * share + slope * (x.values[i] - y.values[mean])
        }
      }
    }
    return dx
  }
}

extension LayerSpec {
  package static func statisticsPooling(_ spec: StatisticsPooling.Spec) -> LayerSpec {
    LayerSpec(spec)
  }
}
