import LinearAlgebra

/// Everything one direction computed, in packed order: what the backward pass needs.
package struct RecurrentRun {
  /// (rows, G H): activated gates.
  package var gates: [Float]
  /// LSTM, (first block + rows, H): H zeros for each clip, then the cell's state after each step.
  /// GRU, (rows, 3 H): the hidden state's part of each gate's sum.
  package var inner: [Float]
  /// (rows, H)
  package var hidden: [Float]

  /// Puts the hidden states into `y`, from its column `column` on.
  package func write(to y: inout Batch, column: Int, _ order: PackedSequence, reversed: Bool) {
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
  package func run(_ x: Batch, _ order: PackedSequence, _ weights: Weights) -> RecurrentRun {
    switch cell {
    case .lstm: runLSTM(x, order, weights)
    case .gru: runGRU(x, order, weights)
    }
  }

  /// Gate sums of the inputs alone, in packed order, (rows, G H): one product for all clips and steps.
  private func inputSums(
    _ x: Batch, _ order: PackedSequence, _ weights: Weights, biases: [Range<Int>]
  ) -> [Float] {
    var sums = [Float](unfilled: x.frames * width)
    let parameters = weights.parameters.span
    sums.updateAll {
      multiply(
        x.values.span, parameters.extracting(inputWeight), into: &$0,
        rows: x.frames, inner: inputs, columns: width)
      for bias in biases { addRow(parameters.extracting(bias), to: &$0) }
    }
    return order.packed(sums, width: width, reversed: isReversed)
  }

  private func runLSTM(_ x: Batch, _ order: PackedSequence, _ weights: Weights) -> RecurrentRun {
    let firstBlock = (order.active.first ?? 0) * units
    var gates = inputSums(x, order, weights, biases: [inputBias, hiddenBias])
    var cells = [Float](repeating: 0, count: firstBlock + order.rows * units)
    var hidden = [Float](unfilled: order.rows * units)
    let hiddenWeight = weights.parameters.span.extracting(hiddenWeight)
    for step in 0..<order.steps {
      let (rows, offset) = (order.active[step], order.offsets[step])
      let before = step == 0 ? 0 : order.offsets[step - 1]
      let after = firstBlock + offset * units
      gates.updatePart(offset * width..<(offset + rows) * width) { gates in
        if step > 0 {
          multiply(
            hidden.span.extracting(before * units..<(before + rows) * units), hiddenWeight,
            into: &gates, rows: rows, inner: units, columns: width, accumulating: true)
        }
        hidden.updatePart(offset * units..<(offset + rows) * units) { hidden in
          cells.updateAll { cells in
            LSTMCell.step(
              gates: &gates, cells: &cells, before: step == 0 ? 0 : firstBlock + before * units,
              after: after, hidden: &hidden, rows: rows, units: units)
          }
        }
      }
    }
    return RecurrentRun(gates: gates, inner: cells, hidden: hidden)
  }

  private func runGRU(_ x: Batch, _ order: PackedSequence, _ weights: Weights) -> RecurrentRun {
    var gates = inputSums(x, order, weights, biases: [inputBias])
    var sums = [Float](repeating: 0, count: order.rows * width)
    sums.updateAll { addRow(weights.parameters.span.extracting(hiddenBias), to: &$0) }
    var hidden = [Float](unfilled: order.rows * units)
    var before = [Float](repeating: 0, count: (order.active.first ?? 0) * units)
    for step in 0..<order.steps {
      let (rows, offset) = (order.active[step], order.offsets[step])
      let (wide, narrow) = (offset * width..<(offset + rows) * width, rows * units)
      before.resize(to: narrow)
      if step > 0 {
        sums.updatePart(wide) {
          multiply(
            before.span, weights.parameters.span.extracting(hiddenWeight), into: &$0, rows: rows,
            inner: units, columns: width, accumulating: true)
        }
      }
      gates.updatePart(wide) { gates in
        hidden.updatePart(offset * units..<offset * units + narrow) { hidden in
          GRUCell.step(
            gates: &gates, sums: sums.span.extracting(wide), before: before.span, hidden: &hidden,
            rows: rows, units: units)
        }
      }
      before.replaceSubrange(0..<narrow, with: hidden[offset * units..<offset * units + narrow])
    }
    return RecurrentRun(gates: gates, inner: sums, hidden: hidden)
  }
}
