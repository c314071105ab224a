import LinearAlgebra

extension Residual: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let x = x
    var (y, tapes) = layers.trainable.record(x, weights, &pass)
    y.values.updateAll { addScaled(x.values.span, 1, to: &$0) }
    return (y, .branches([tapes]))
  }

  /// dx = dy + what comes through the layers.
  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .branches(let tapes) = tape else { preconditionFailure("not this layer's tape") }
    let dy = dy
    var dx = layers.trainable.backward(dy, tapes[0], weights, &gradient)
    dx.values.updateAll { addScaled(dy.values.span, 1, to: &$0) }
    return dx
  }
}
