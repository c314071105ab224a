import LinearAlgebra

extension Dense: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let x = x
    return (apply(x, weights), .input(x))
  }

  /// dW = xᵀ · dy, db = Σ dy, dx = dy · Wᵀ.
  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .input(let x) = tape else { preconditionFailure("not this layer's tape") }
    let dy = dy
    gradient.updatePart(weight) {
      multiply(
        x.values.span, dy.values.span, transposing: .first, into: &$0, rows: input.channels,
        inner: x.frames, columns: spec.units, accumulating: true)
    }
    gradient.updatePart(bias) { addColumnSums(of: dy.values.span, to: &$0) }
    var dx = Batch(unfilled: x.lengths, bands: 1, channels: x.channels)
    dx.values.updateAll {
      multiply(
        dy.values.span, weights.parameters.span.extracting(weight), transposing: .second, into: &$0,
        rows: x.frames, inner: spec.units, columns: input.channels)
    }
    return dx
  }
}
