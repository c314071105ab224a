import LinearAlgebra

extension Recurrent: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    var x = x
    let order = PackedSequence(x.lengths)
    var tape: [(Batch, [RecurrentRun])] = []
    for directions in stack {
      let runs = directions.map { $0.run(x, order, weights) }
      let y = x.answer(of: directions, runs, order)
      tape.append((x, runs))
      x = y
    }
    return (x, .recurrent(tape))
  }

  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .recurrent(var levels) = tape else { preconditionFailure("not this layer's tape") }
    var dy = dy
    let order = PackedSequence(dy.lengths)
    for directions in stack.reversed() {
      let (x, runs) = levels.removeLast()
      var dx = Batch(lengths: x.lengths, bands: 1, channels: x.channels)
      for (place, (direction, run)) in zip(directions, runs).enumerated() {
        let dhidden = dy.columns(
          place * spec.units..<(place + 1) * spec.units, of: 0..<dy.frames)
        direction.backward(dhidden, run, x, order, weights, &gradient, into: &dx)
      }
      dy = dx
    }
    return dy
  }
}

extension Recurrent.Direction {
  /// Backpropagation through time. `dhidden` is (frames, H); the gradient of the input is added to
  /// `dx`. The loop over steps finds the gradients of the gate sums only; those of the weights are
  /// then one product each, over all steps at once.
  fileprivate func backward(
    _ dhidden: [Float], _ run: RecurrentRun, _ x: Batch, _ order: PackedSequence,
    _ weights: Weights, _ gradient: inout [Float], into dx: inout Batch
  ) {
    let dsums = gateGradients(
      order.packed(dhidden, width: units, reversed: isReversed), run, order, weights)
    if order.steps > 1 {
      // Pairs of rows that follow each other in time: the hidden state before, the gates' gradient after.
      let before = order.statesBefore(run.hidden, units)
      let after = dsums.hidden.span.extracting((order.active[0] * width)...)
      gradient.updatePart(hiddenWeight) {
        multiply(
          before.span, after, transposing: .first, into: &$0, rows: units,
          inner: order.rows - order.active[0], columns: width, accumulating: true)
      }
    }
    gradient.updatePart(inputBias) { addColumnSums(of: dsums.input.span, to: &$0) }
    gradient.updatePart(hiddenBias) { addColumnSums(of: dsums.hidden.span, to: &$0) }
    let sums = order.unpacked(dsums.input, width: width, reversed: isReversed)
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

  /// Gradients of the gate sums, in packed order, (rows, G H): of the inputs' part, and of the hidden
  /// state's.
  private func gateGradients(
    _ dhidden: [Float], _ run: RecurrentRun, _ order: PackedSequence, _ weights: Weights
  ) -> (input: [Float], hidden: [Float]) {
    // The product with the transposed matrix runs at twice the speed when it is turned beforehand.
    let recurrent = transposed(
      weights.parameters.span.extracting(hiddenWeight), rows: units, columns: width)
    switch cell {
    case .lstm:
      let dsums = lstmGradients(dhidden, run, order, recurrent)
      return (dsums, dsums)
    case .gru: return gruGradients(dhidden, run, order, recurrent)
    }
  }

  private func lstmGradients(
    _ dhidden: [Float], _ run: RecurrentRun, _ order: PackedSequence, _ recurrent: [Float]
  ) -> [Float] {
    var (gates, dhidden) = (run.gates, dhidden)
    let firstBlock = (order.active.first ?? 0) * units
    var dcell = [Float](repeating: 0, count: firstBlock)
    for step in (0..<order.steps).reversed() {
      let (rows, offset) = (order.active[step], order.offsets[step])
      let before = step == 0 ? 0 : firstBlock + order.offsets[step - 1] * units
      let after = firstBlock + offset * units
      let range = offset * width..<(offset + rows) * width
      gates.updatePart(range) { gates in
        dcell.updatePart(0..<rows * units) { dcell in
          LSTMCell.stepBackward(
            gates: &gates,
            cellBefore: run.inner.span.extracting(before..<before + rows * units),
            cellAfter: run.inner.span.extracting(after..<after + rows * units),
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

  private func gruGradients(
    _ dhidden: [Float], _ run: RecurrentRun, _ order: PackedSequence, _ recurrent: [Float]
  ) -> (input: [Float], hidden: [Float]) {
    var (gates, sums, dhidden) = (run.gates, run.inner, dhidden)
    let zeros = [Float](repeating: 0, count: (order.active.first ?? 0) * units)
    var dbefore = zeros
    for step in (0..<order.steps).reversed() {
      let (rows, offset) = (order.active[step], order.offsets[step])
      let start = step == 0 ? 0 : order.offsets[step - 1] * units
      let before = step == 0 ? zeros.span : run.hidden.span
      let range = offset * width..<(offset + rows) * width
      gates.updatePart(range) { gates in
        sums.updatePart(range) { sums in
          dbefore.updatePart(0..<rows * units) { dbefore in
            GRUCell.stepBackward(
              gates: &gates, sums: &sums,
              before: before.extracting(start..<start + rows * units),
              dhidden: dhidden.span.extracting(offset * units..<(offset + rows) * units),
              dbefore: &dbefore, rows: rows, units: units)
          }
        }
      }
      if step > 0 {
        dhidden.updatePart(start..<start + rows * units) {
          addScaled(dbefore.span.extracting(0..<rows * units), 1, to: &$0)
          multiply(
            sums.span.extracting(range), recurrent.span, into: &$0, rows: rows, inner: width,
            columns: units, accumulating: true)
        }
      }
    }
    return (gates, sums)
  }
}

extension PackedSequence {
  /// The hidden state that each row after the first step came from.
  fileprivate func statesBefore(_ hidden: [Float], _ units: Int) -> [Float] {
    // Clips of one length: each row's state lies one step before it.
    if active[0] == active[steps - 1] { return hidden }
    var before: [Float] = []
    before.reserveCapacity((rows - active[0]) * units)
    for step in 1..<steps {
      let start = offsets[step - 1] * units
      before += hidden[start..<start + active[step] * units]
    }
    return before
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
