/// A layer of a network: a constant value that maps a batch to a batch, and the gradient of what it
/// gives to the gradient of what it was given.
///
/// It holds its sizes and the places of its weights, not the weights: those lie in one vector per
/// network, which training moves and copies whole.
package protocol Layer: Sendable {
  associatedtype Spec: LayerSpecification
  /// What it remembers from its forward to its backward pass.
  associatedtype Tape: Sendable

  var spec: Spec { get }

  /// The shape of the frames it gives.
  var output: FrameShape { get }

  /// The layer for frames of shape `input`, its weights placed in `layout`.
  ///
  /// Throws `NetworkError.invalidLayer` when an option is out of its range or does not fit `input`.
  init(_ spec: Spec, input: FrameShape, layout: inout ParameterLayout) throws(NetworkError)

  /// How many frames it makes of a clip of `frames`; below one, the clip is too short.
  func outputFrames(_ frames: Int) -> Int

  /// Multiplications and additions for a clip of `frames` (2 for each pair).
  func floatingPointOperations(_ frames: Int) -> Int

  /// The frozen layer's answer. `x` may be changed in place.
  func forward(_ x: consuming Batch, _ weights: Weights) -> Batch

  /// The answer in training mode, and what must be remembered of it.
  func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape)

  /// From the gradient of the answer: adds the gradient of the weights to `gradient`, laid out as
  /// the parameters are, and returns the gradient of the input.
  func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch

  /// Whether the frozen layer gives what it gets.
  var isIdentity: Bool { get }

  /// The frozen layer that does the work of `next`, too, with `weights` changed for it; nil where
  /// there is none.
  func absorbing(_ next: any Layer, _ weights: inout Weights) -> Self?

  /// The same layer, the layers inside it folded: see `Network.folded`.
  func foldingInside(_ weights: inout Weights) -> Self

  /// The same layer for weights that will not change any more: what `forward` would work out of them at each call is kept.
  func frozen(_ weights: Weights) -> Self

  /// How much each frame of a clip counts, for each pooling by attention in the layer; sums to one.
  func attention(of clip: Batch, _ weights: Weights) -> [[Float]]
}

extension Layer {
  /// The name its tensors begin with.
  package var name: String { spec.name }

  package func outputFrames(_ frames: Int) -> Int { frames }
  package func floatingPointOperations(_ frames: Int) -> Int { 0 }
  package var isIdentity: Bool { false }
  package func absorbing(_ next: any Layer, _ weights: inout Weights) -> Self? { nil }
  package func foldingInside(_ weights: inout Weights) -> Self { self }
  package func frozen(_ weights: Weights) -> Self { self }
  package func attention(of clip: Batch, _ weights: Weights) -> [[Float]] { [] }
}
