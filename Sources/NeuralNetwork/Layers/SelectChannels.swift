import LinearAlgebra

/// Some of the input's channels, in the order given: a branch need not hear all planes.
package struct SelectChannels: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = SelectChannels
    package static let typeName = "selectChannels"

    package var name: String
    /// Counted from 0.
    package var channels: [Int]

    package init(name: String, channels: [Int]) {
      self.name = name
      self.channels = channels
    }
  }

  package let spec: Spec
  let input: FrameShape
  package let output: FrameShape

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
    try spec.check(spec.channels.count, "the number of channels", 1...64)
    for channel in spec.channels { try spec.check(channel, "channel", 0...input.channels - 1) }
    try spec.check(!input.isPooled && input.mergedBands == 1, "needs frames with bands")
    self.spec = spec
    self.input = input
    output = FrameShape(bands: input.bands, channels: spec.channels.count)
  }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    let x = x
    let count = spec.channels.count
    var y = Batch(unfilled: x.lengths, bands: x.bands, channels: count)
    y.values.updateAll { y in
      let values = x.values.span
      for (place, channel) in spec.channels.enumerated() {
        for cell in 0..<values.count / x.channels {
          y[cell * count + place] = values[cell * x.channels + channel]
        }
      }
    }
    return y
  }
}

extension SelectChannels {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Void) {
    (forward(x, weights), ())
  }

  package func backward(
    _ dy: consuming Batch, _ tape: Void, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    let dy = dy
    var dx = Batch(lengths: dy.lengths, bands: input.bands, channels: input.channels)
    for (row, start) in stride(from: 0, to: dy.values.count, by: dy.channels).enumerated() {
      for (place, channel) in spec.channels.enumerated() {
        dx.values[row * input.channels + channel] += dy.values[start + place]
      }
    }
    return dx
  }
}

extension LayerSpec {
  package static func selectChannels(_ spec: SelectChannels.Spec) -> LayerSpec { LayerSpec(spec) }
}
