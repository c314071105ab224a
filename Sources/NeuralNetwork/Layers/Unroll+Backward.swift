extension Unroll: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    (forward(x, weights), .nothing)
  }

  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    Batch(lengths: dy.lengths.map { _ in 1 }, bands: 1, channels: steps, values: dy.values)
  }
}
