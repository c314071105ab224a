package import LinearAlgebra

/// Long short-term memory (`torch.nn.LSTM`).
package enum LSTM: RecurrentCell {
  package static let typeName = "lstm"
  /// Input, forget, cell, output.
  package static let gates = 4

  package static func run(
    _ direction: Recurrent<LSTM>.Direction, _ x: Batch, _ order: PackedSequence, _ weights: Weights
  ) -> RecurrentRun {
    let (units, width) = (direction.units, direction.width)
    let hiddenMatrix = direction.hiddenMatrix(weights)
    let firstBlock = (order.active.first ?? 0) * units
    let biases = [direction.inputBias, direction.hiddenBias]
    var gates = direction.inputSums(x, order, weights, biases: biases)
    var cells = [Float](repeating: 0, count: firstBlock + order.rows * units)
    var hidden = [Float](unfilled: order.rows * units)
    for step in 0..<order.steps {
      let (rows, offset) = (order.active[step], order.offsets[step])
      let before = step == 0 ? 0 : order.offsets[step - 1]
      let after = firstBlock + offset * units
      gates.updatePart(offset * width..<(offset + rows) * width) { gates in
        if step > 0 {
          hiddenMatrix.multiply(
            hidden.span.extracting(before * units..<(before + rows) * units), into: &gates,
            accumulating: true)
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

  package static func gateGradients(
    _ direction: Recurrent<LSTM>.Direction, _ dhidden: [Float], _ run: RecurrentRun,
    _ order: PackedSequence, transposedHiddenWeight recurrent: PackedMatrix
  ) -> (input: [Float], hidden: [Float]) {
    let (units, width) = (direction.units, direction.width)
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
          recurrent.multiply(gates.span.extracting(range), into: &$0, accumulating: true)
        }
      }
    }
    return (gates, gates)
  }
}

extension LayerSpec {
  package static func lstm(_ spec: Recurrent<LSTM>.Spec) -> LayerSpec { LayerSpec(spec) }
}
