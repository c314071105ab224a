import LinearAlgebra
package import StrictJSON

/// Dropout (`torch.nn.Dropout`, or `Dropout2d` when whole channels drop together). A frozen network
/// passes its input on.
package struct Dropout: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = Dropout
    package static let typeName = "dropout"

    package var name: String
    package var rate: Float
    /// Drops a clip's whole channel instead of single values.
    package var channelwise = false

    package static var defaults: JSONValue? {
      options("channelwise", of: .init(name: "", rate: 0))
    }

    package init(name: String, rate: Float, channelwise: Bool = false) {
      self.name = name
      self.rate = rate
      self.channelwise = channelwise
    }
  }

  package let spec: Spec
  package let output: FrameShape

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
    try spec.check(spec.rate >= 0 && spec.rate < 1, "rate must be at least 0 and below 1")
    self.spec = spec
    output = input
  }

  package var isIdentity: Bool { true }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch { x }
}

extension Dropout {
  /// Drops values at random and scales up the others, so that the frozen layer has nothing to do.
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, [Float]?) {
    guard spec.rate > 0 else { return (x, nil) }
    var y = x
    let factors = spec.channelwise ? channelFactors(y, &pass.random) : valueFactors(y, &pass.random)
    scale(&y, by: factors)
    return (y, factors)
  }

  private func scale(_ x: inout Batch, by factors: [Float]) {
    guard spec.channelwise else {
      return x.values.updateAll { multiplyEach(&$0, by: factors.span) }
    }
    let nothing = [Float](repeating: 0, count: x.channels)
    for (clip, range) in x.valueRanges.enumerated() {
      let row = factors.span.extracting(clip * x.channels..<(clip + 1) * x.channels)
      x.values.updatePart(range) { scaleAndShift(&$0, scale: row, shift: nothing.span) }
    }
  }

  /// A draw for each value, four of 16 bits from a number: training on long vectors spends most of its
  /// time here.
  private func valueFactors(_ x: Batch, _ random: inout RandomSource) -> [Float] {
    let kept = 1 / (1 - spec.rate)
    let dropped = UInt64((spec.rate * 0x1p16).rounded())
    var factors = [Float](repeating: 0, count: x.values.count)
    factors.updateAll { factors in
      var draws: UInt64 = 0
      for i in 0..<factors.count {
        draws = i % 4 == 0 ? random.next() : draws >> 16
        factors[i] = draws & 0xFFFF < dropped ? 0 : kept
      }
    }
    return factors
  }

  /// One draw for each channel of each clip. (clips, channels)
  private func channelFactors(_ x: Batch, _ random: inout RandomSource) -> [Float] {
    let kept = 1 / (1 - spec.rate)
    return (0..<x.lengths.count * x.channels).map { _ in random.chance(spec.rate) ? 0 : kept }
  }

  package func backward(
    _ dy: consuming Batch, _ factors: consuming [Float]?, _ weights: Weights,
    _ gradient: inout [Float]
  ) -> Batch {
    guard let factors else { return dy }
    var dy = dy
    scale(&dy, by: factors)
    return dy
  }
}

extension LayerSpec {
  package static func dropout(_ spec: Dropout.Spec) -> LayerSpec { LayerSpec(spec) }
}
