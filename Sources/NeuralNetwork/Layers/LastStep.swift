/// A clip's last frame: what an LSTM knows after it has heard everything.
package struct LastStep: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = LastStep
    package static let typeName = "lastStep"

    package var name: String
    package init(name: String) { self.name = name }
  }

  package let spec: Spec
  package let output: FrameShape

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
    try spec.check(!input.isPooled && input.bands == 1, "needs a sequence")
    self.spec = spec
    var shape = input
    shape.isPooled = true
    output = shape
  }

  package func outputFrames(_ frames: Int) -> Int { min(frames, 1) }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    let x = x
    let size = x.frameSize
    let last = x.valueRanges.flatMap { x.values[($0.upperBound - size)..<$0.upperBound] }
    return Batch(
      lengths: x.lengths.map { _ in 1 }, bands: x.bands, channels: x.channels, values: last)
  }
}

extension LastStep {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, [Int]) {
    let lengths = x.lengths
    return (forward(x, weights), lengths)
  }

  package func backward(
    _ dy: consuming Batch, _ lengths: consuming [Int], _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    let dy = dy
    var dx = Batch(lengths: lengths, bands: dy.bands, channels: dy.channels)
    let size = dy.frameSize
    for (clip, range) in dx.valueRanges.enumerated() {
      dx.values.replaceSubrange(
        range.upperBound - size..<range.upperBound,
        with: dy.values[clip * size..<(clip + 1) * size])
    }
    return dx
  }
}

extension LayerSpec {
  package static func lastStep(_ spec: LastStep.Spec) -> LayerSpec { LayerSpec(spec) }
}
