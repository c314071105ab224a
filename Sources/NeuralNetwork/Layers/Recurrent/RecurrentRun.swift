import LinearAlgebra

/// Everything one direction computed, in packed order: what the backward pass needs.
package struct RecurrentRun {
  /// (rows, G H): activated gates.
  var gates: [Float]
  /// LSTM, (first block + rows, H): H zeros for each clip, then the cell's state after each step.
  /// GRU, (rows, 3 H): the hidden state's part of each gate's sum.
  var inner: [Float]
  /// (rows, H)
  var hidden: [Float]

  /// Puts the hidden states into `y`, from its column `column` on.
  func write(to y: inout Batch, column: Int, _ order: PackedSequence, reversed: Bool) {
    let units = order.rows == 0 ? 0 : hidden.count / order.rows
    let width = y.channels
    for step in 0..<order.steps {
      for row in 0..<order.active[step] {
        let to = order.frame(step: step, row: row, reversed: reversed) * width + column
        let from = (order.offsets[step] + row) * units
        for u in 0..<units { y.values[to + u] = hidden[from + u] }
      }
    }
  }
}

extension Recurrent.Direction {
  /// Gate sums of the inputs alone, in packed order, (rows, G H): one product for all clips and steps.
  func inputSums(
    _ x: Batch, _ order: PackedSequence, _ weights: Weights, biases: [Range<Int>]
  ) -> [Float] {
    var sums = [Float](unfilled: x.frames * width)
    let parameters = weights.parameters.span
    let matrix = packedInputWeight ?? PackedMatrix(inputWeight, of: weights, rows: inputs)
    sums.updateAll {
      matrix.multiply(x.values.span, into: &$0)
      for bias in biases { addRow(parameters.extracting(bias), to: &$0) }
    }
    return order.packed(sums, width: width, reversed: isReversed)
  }

  /// What the hidden states of a step, (rows, H), are multiplied with for the next step's gate sums.
  func hiddenMatrix(_ weights: Weights) -> PackedMatrix {
    packedHiddenWeight ?? PackedMatrix(hiddenWeight, of: weights, rows: units)
  }
}

extension PackedMatrix {
  /// - Parameter place: Of the matrix among the parameters.
  init(_ place: Range<Int>, of weights: Weights, rows: Int) {
    self.init(
      weights.parameters.span.extracting(place), rows: rows, columns: place.count / rows)
  }
}

extension Recurrent.Direction {
  /// Backpropagation through time. `dhidden` is (frames, H); the gradient of the input is added to
  /// `dx`. The loop over steps finds the gradients of the gate sums only; those of the weights are
  /// then one product each, over all steps at once.
  func backward(
    _ dhidden: [Float], _ run: RecurrentRun, _ x: Batch, _ order: PackedSequence,
    _ weights: Weights, _ gradient: inout [Float], into dx: inout Batch
  ) {
    let recurrent = PackedMatrix(
      transposed(weights.parameters.span.extracting(hiddenWeight), rows: units, columns: width)
        .span, rows: width, columns: units)
    let dsums = Cell.gateGradients(
      self, order.packed(dhidden, width: units, reversed: isReversed), run, order,
      transposedHiddenWeight: recurrent)
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
}

/// The transpose of a (rows, columns) matrix.
private func transposed(_ a: Span<Float>, rows: Int, columns: Int) -> [Float] {
  var result = [Float](repeating: 0, count: rows * columns)
  for r in 0..<rows {
    for c in 0..<columns { result[c * rows + r] = a[r * columns + c] }
  }
  return result
}
