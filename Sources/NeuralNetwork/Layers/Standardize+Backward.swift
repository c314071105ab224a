import LinearAlgebra

extension Standardize: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let y = forward(x, weights)
    return (y, .output(y))
  }

  /// dx = dy / deviation; 0 where the limit held the value or there is no deviation.
  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .output(let y) = tape else { preconditionFailure("not this layer's tape") }
    var dx = dy
    for start in stride(from: 0, to: dx.values.count, by: output.channels) {
      for c in 0..<output.channels {
        let factor = Self.factor(deviation: weights.statistics[deviation.lowerBound + c])
        let isHeld = abs(y.values[start + c]) >= spec.limit
        dx.values[start + c] = isHeld ? 0 : dx.values[start + c] * factor
      }
    }
    return dx
  }
}
