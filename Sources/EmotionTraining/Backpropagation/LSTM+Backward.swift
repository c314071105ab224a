package import EmotionModel
import LinearAlgebra

extension LSTM: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    var x = x
    let order = PackedSequence(x.lengths)
    var tape: [(Batch, [LSTMRun])] = []
    for directions in stack {
      let runs = directions.map { $0.run(x, order, weights) }
      var y = Batch(unfilled: x.lengths, bands: 1, channels: spec.units * directions.count)
      for (place, (direction, run)) in zip(directions, runs).enumerated() {
        run.write(to: &y, column: place * spec.units, order, reversed: direction.isReversed)
      }
      tape.append((x, runs))
      x = y
    }
    return (x, .lstm(tape))
  }

  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .lstm(var levels) = tape else { preconditionFailure("not this layer's tape") }
    var dy = dy
    let order = PackedSequence(dy.lengths)
    for directions in stack.reversed() {
      let (x, runs) = levels.removeLast()
      var dx = Batch(lengths: x.lengths, bands: 1, channels: x.channels)
      for (place, (direction, run)) in zip(directions, runs).enumerated() {
        let dhidden = dy.columns(place * spec.units..<(place + 1) * spec.units)
        direction.backward(dhidden, run, x, order, weights, &gradient, into: &dx)
      }
      dy = dx
    }
    return dy
  }
}

extension Batch {
  /// Some channels of every frame, (frames, count).
  package func columns(_ range: Range<Int>) -> [Float] {
    var part: [Float] = []
    part.reserveCapacity(frames * range.count)
    for t in 0..<frames {
      part += values[t * channels + range.lowerBound..<t * channels + range.upperBound]
    }
    return part
  }
}

extension LSTM.Direction {
  /// Backpropagation through time. `dhidden` is (frames, H); the gradient of the input is added to
  /// `dx`. The loop over steps finds the gradients of the gate sums only; those of the weights are
  /// then one product each, over all steps at once.
  fileprivate func backward(
    _ dhidden: [Float], _ run: LSTMRun, _ x: Batch, _ order: PackedSequence, _ weights: Weights,
    _ gradient: inout [Float], into dx: inout Batch
  ) {
    let width = 4 * units
    let dgates = gateGradients(dhidden, run, order, weights)
    if order.steps > 1 {
      let (before, after) = order.consecutive(run.hidden, dgates, units)
      gradient.updatePart(hiddenWeight) {
        multiply(
          before.span, after.span, transposing: .first, into: &$0, rows: units,
          inner: before.count / units, columns: width, accumulating: true)
      }
    }
    for bias in [inputBias, hiddenBias] {
      gradient.updatePart(bias) { addColumnSums(of: dgates.span, to: &$0) }
    }
    let sums = order.unpacked(dgates, width: width, reversed: isReversed)
    gradient.updatePart(inputWeight) {
      multiply(
        x.values.span, sums.span, transposing: .first, into: &$0, rows: inputs, inner: x.frames,
        columns: width, accumulating: true)
    }
    dx.values.updateAll {
      multiply(
        sums.span, weights.parameters.span.extracting(inputWeight), transposing: .second,
        into: &$0, rows: x.frames, inner: width, columns: inputs, accumulating: true)
    }
  }

  /// Gradients of the gate sums, in packed order, (rows, 4 H).
  private func gateGradients(
    _ dhidden: [Float], _ run: LSTMRun, _ order: PackedSequence, _ weights: Weights
  ) -> [Float] {
    let width = 4 * units
    var gates = run.gates
    var dhidden = order.packed(dhidden, width: units, reversed: isReversed)
    let clips = order.active.first ?? 0
    let firstBlock = clips * units
    var dcell = [Float](repeating: 0, count: firstBlock)
    // The product with the transposed matrix runs at twice the speed when it is turned beforehand.
    let recurrent = transposed(
      weights.parameters.span.extracting(hiddenWeight), rows: units, columns: width)
    for step in (0..<order.steps).reversed() {
      let (rows, offset) = (order.active[step], order.offsets[step])
      let before = step == 0 ? 0 : firstBlock + order.offsets[step - 1] * units
      let after = firstBlock + offset * units
      let range = offset * width..<(offset + rows) * width
      gates.updatePart(range) { gates in
        dcell.updatePart(0..<rows * units) { dcell in
          LSTMCell.stepBackward(
            gates: &gates,
            cellBefore: run.cells.span.extracting(before..<before + rows * units),
            cellAfter: run.cells.span.extracting(after..<after + rows * units),
            dhidden: dhidden.span.extracting(offset * units..<(offset + rows) * units),
            dcell: &dcell, rows: rows, units: units)
        }
      }
      if step > 0 {
        let start = order.offsets[step - 1] * units
        dhidden.updatePart(start..<start + rows * units) {
          multiply(
            gates.span.extracting(range), recurrent.span, into: &$0, rows: rows, inner: width,
            columns: units, accumulating: true)
        }
      }
    }
    return gates
  }
}

extension PackedSequence {
  /// Pairs of rows that follow each other in time: hidden state before, gate gradient after.
  fileprivate func consecutive(
    _ hidden: [Float], _ dgates: [Float], _ units: Int
  ) -> (before: [Float], after: [Float]) {
    let firstRows = active[0]
    var before: [Float] = []
    before.reserveCapacity((rows - firstRows) * units)
    for step in 1..<steps {
      let start = offsets[step - 1] * units
      before += hidden[start..<start + active[step] * units]
    }
    return (before, Array(dgates[(firstRows * 4 * units)...]))
  }
}

/// The transpose of a (rows, columns) matrix.
private func transposed(_ a: Span<Float>, rows: Int, columns: Int) -> [Float] {
  var result = [Float](repeating: 0, count: rows * columns)
  for r in 0..<rows {
    for c in 0..<columns { result[c * rows + r] = a[r * columns + c] }
  }
  return result
}
