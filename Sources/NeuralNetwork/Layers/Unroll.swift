/// A clip's vector as a sequence, one step a number: what a recurrent layer needs to read a mean over
/// time coefficient by coefficient.
package struct Unroll: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = Unroll
    package static let typeName = "unroll"

    package var name: String
    package init(name: String) { self.name = name }
  }

  package let spec: Spec
  package let output: FrameShape
  let steps: Int

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
    try spec.check(input.isPooled, "needs one vector a clip; put a pooling layer before it")
    try spec.check(
      input.bands == 1 && input.isInFileOrder,
      "its input's features lie side by side in bands; put a dense layer before it")
    self.spec = spec
    steps = input.channels
    output = FrameShape(bands: 1, channels: 1)
  }

  package func outputFrames(_ frames: Int) -> Int { frames < 1 ? 0 : steps }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    Batch(lengths: x.lengths.map { _ in steps }, bands: 1, channels: 1, values: x.values)
  }
}

extension Unroll {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Void) {
    (forward(x, weights), ())
  }

  package func backward(
    _ dy: consuming Batch, _ tape: Void, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    Batch(lengths: dy.lengths.map { _ in 1 }, bands: 1, channels: steps, values: dy.values)
  }
}

extension LayerSpec {
  package static func unroll(_ spec: Unroll.Spec) -> LayerSpec { LayerSpec(spec) }
}
