import LinearAlgebra

extension ReLU: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let y = forward(x, weights)
    return (y, .output(y))
  }

  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .output(let y) = tape else { preconditionFailure("not this layer's tape") }
    var dy = dy
    dy.values.updateAll { rectifyBackward(&$0, y.values.span) }
    return dy
  }
}

extension Dropout: TrainableLayer {
  /// Drops values at random and scales up the others, so that the frozen layer has nothing to do.
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    guard spec.rate > 0 else { return (x, .nothing) }
    var y = x
    let factors = spec.channelwise ? channelFactors(y, &pass.random) : valueFactors(y, &pass.random)
    y.values.updateAll { multiplyEach(&$0, by: factors.span) }
    return (y, .factors(factors))
  }

  /// A draw for each value, four of 16 bits from a number: vectors of functionals take most of their training for this.
  private func valueFactors(_ x: Batch, _ random: inout RandomSource) -> [Float] {
    let kept = 1 / (1 - spec.rate)
    let dropped = UInt64((spec.rate * 0x1p16).rounded())
    var factors = [Float](repeating: 0, count: x.values.count)
    factors.updateAll { factors in
      var draws: UInt64 = 0
      for i in 0..<factors.count {
        draws = i % 4 == 0 ? random.next() : draws >> 16
        factors[i] = draws & 0xFFFF < dropped ? 0 : kept
      }
    }
    return factors
  }

  /// One draw for each channel of each clip.
  private func channelFactors(_ x: Batch, _ random: inout RandomSource) -> [Float] {
    let kept = 1 / (1 - spec.rate)
    return x.lengths.flatMap { length in
      let row = (0..<x.channels).map { _ in random.chance(spec.rate) ? 0 : kept }
      return (0..<length * x.bands).flatMap { _ in row }
    }
  }

  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .factors(let factors) = tape else { return dy }
    var dy = dy
    dy.values.updateAll { multiplyEach(&$0, by: factors.span) }
    return dy
  }
}

extension ToSequence: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    (forward(x, weights), .nothing)
  }

  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    let dy = dy
    let bands = output.mergedBands
    return Batch(
      lengths: dy.lengths, bands: bands, channels: dy.channels / bands, values: dy.values)
  }
}
