/// Lays the bands of a frame side by side, so that what follows sees one vector a frame
/// (`x.permute(0, 3, 1, 2).flatten(2)` in PyTorch, for x (clips, channels, bands, frames)).
///
/// Nothing moves: a frame's values already lie together. Only their order differs from PyTorch's,
/// which the weights of the next layer are turned to when they are loaded.
package struct ToSequence: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = ToSequence
    package static let typeName = "sequence"

    package var name: String
    package init(name: String) { self.name = name }
  }

  package let spec: Spec
  package let output: FrameShape

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
    try spec.check(!input.isPooled, "needs a time axis")
    try spec.check(input.mergedBands == 1 && input.parts == 1, "its input is a sequence already")
    self.spec = spec
    var shape = FrameShape(bands: 1, channels: input.size)
    shape.mergedBands = input.bands
    output = shape
  }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    Batch(lengths: x.lengths, bands: 1, channels: x.frameSize, values: x.values)
  }
}

extension ToSequence {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Void) {
    (forward(x, weights), ())
  }

  package func backward(
    _ dy: consuming Batch, _ tape: Void, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    let dy = dy
    let bands = output.mergedBands
    return Batch(
      lengths: dy.lengths, bands: bands, channels: dy.channels / bands, values: dy.values)
  }
}

extension LayerSpec {
  package static func sequence(_ spec: ToSequence.Spec) -> LayerSpec { LayerSpec(spec) }
}
