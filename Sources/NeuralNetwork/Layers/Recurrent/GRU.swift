package import LinearAlgebra

/// Gated recurrent units (`torch.nn.GRU`).
package enum GRU: RecurrentCell {
  package static let typeName = "gru"
  /// Reset, update, candidate.
  package static let gates = 3

  package static func run(
    _ direction: Recurrent<GRU>.Direction, _ x: Batch, _ order: PackedSequence, _ weights: Weights
  ) -> RecurrentRun {
    let (units, width) = (direction.units, direction.width)
    let hiddenMatrix = direction.hiddenMatrix(weights)
    var gates = direction.inputSums(x, order, weights, biases: [direction.inputBias])
    var sums = [Float](repeating: 0, count: order.rows * width)
    sums.updateAll { addRow(weights.parameters.span.extracting(direction.hiddenBias), to: &$0) }
    var hidden = [Float](unfilled: order.rows * units)
    var before = [Float](repeating: 0, count: (order.active.first ?? 0) * units)
    for step in 0..<order.steps {
      let (rows, offset) = (order.active[step], order.offsets[step])
      let (wide, narrow) = (offset * width..<(offset + rows) * width, rows * units)
      before.resize(to: narrow)
      if step > 0 {
        sums.updatePart(wide) {
          hiddenMatrix.multiply(before.span, into: &$0, accumulating: true)
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

  package static func gateGradients(
    _ direction: Recurrent<GRU>.Direction, _ dhidden: [Float], _ run: RecurrentRun,
    _ order: PackedSequence, transposedHiddenWeight recurrent: PackedMatrix
  ) -> (input: [Float], hidden: [Float]) {
    let (units, width) = (direction.units, direction.width)
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
          recurrent.multiply(sums.span.extracting(range), into: &$0, accumulating: true)
        }
      }
    }
    return (gates, sums)
  }
}

extension LayerSpec {
  package static func gru(_ spec: Recurrent<GRU>.Spec) -> LayerSpec { LayerSpec(spec) }
}
