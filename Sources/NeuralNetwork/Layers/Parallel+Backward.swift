import LinearAlgebra

extension Parallel: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let x = x
    var answers: [Batch] = []
    var tapes: [[Tape]] = []
    for branch in branches {
      let (y, tape) = branch.trainable.record(x, weights, &pass)
      answers.append(y)
      tapes.append(tape)
    }
    return (joined(answers), .branches(tapes))
  }

  /// The input's gradient is the sum of the branches'.
  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .branches(let tapes) = tape else { preconditionFailure("not this layer's tape") }
    let dy = dy
    var dx = Batch(lengths: [], bands: input.bands, channels: input.channels)
    var first = 0
    for (branch, (width, tape)) in zip(branches, zip(widths, tapes)) {
      let part = dy.columns(first..<first + width, of: 0..<dy.frames)
      let slope = branch.trainable.backward(
        Batch(lengths: dy.lengths, bands: 1, channels: width, values: part), tape, weights,
        &gradient)
      if first == 0 {
        dx = slope
      } else {
        dx.values.updateAll { addScaled(slope.values.span, 1, to: &$0) }
      }
      first += width
    }
    return dx
  }
}

extension SelectChannels: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    (forward(x, weights), .nothing)
  }

  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
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
