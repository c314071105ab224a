import Foundation
import LinearAlgebra
import TestSupport
import Testing

private func sigmoid(_ x: Float) -> Float { 1 / (1 + Foundation.exp(-x)) }

@Suite("A step of an LSTM cell")
struct LSTMCellTests {
  @Test("follows its equations, forwards and backwards", arguments: awkwardShapes)
  func agreesWithLoops(rows: Int, units: Int) {
    let count = rows * units
    var gates = numbers(4 * count).map { 3 * $0 }
    let sums = gates
    var cells = numbers(count, seed: 2) + [Float](repeating: 0, count: count)
    var hidden = [Float](repeating: 0, count: count)
    gates.updateAll { gates in
      cells.updateAll { cells in
        hidden.updateAll { hidden in
          LSTMCell.step(
            gates: &gates, cells: &cells, before: 0, after: count, hidden: &hidden, rows: rows,
            units: units)
        }
      }
    }
    let dhidden = numbers(count, seed: 3)
    var dcell = numbers(count, seed: 4)
    var (expectedGates, expectedDcell) = (sums, dcell)
    for r in 0..<rows {
      for u in 0..<units {
        let (at, i) = (r * 4 * units + u, r * units + u)
        let (input, forget) = (sigmoid(sums[at]), sigmoid(sums[at + units]))
        let candidate = tanh(sums[at + 2 * units])
        let output = sigmoid(sums[at + 3 * units])
        let cell = forget * cells[i] + input * candidate
        #expect(abs(cells[count + i] - cell) < 1e-6)
        #expect(abs(hidden[i] - output * tanh(cell)) < 1e-6)
        let dc = dcell[i] + dhidden[i] * output * (1 - tanh(cell) * tanh(cell))
        expectedGates[at] = dc * candidate * input * (1 - input)
        expectedGates[at + units] = dc * cells[i] * forget * (1 - forget)
        expectedGates[at + 2 * units] = dc * input * (1 - candidate * candidate)
        expectedGates[at + 3 * units] = dhidden[i] * tanh(cell) * output * (1 - output)
        expectedDcell[i] = dc * forget
      }
    }
    gates.updateAll { gates in
      dcell.updateAll { dcell in
        LSTMCell.stepBackward(
          gates: &gates, cellBefore: cells.span.extracting(0..<count),
          cellAfter: cells.span.extracting(count..<2 * count), dhidden: dhidden.span,
          dcell: &dcell, rows: rows, units: units)
      }
    }
    #expect(largestDifference(gates, expectedGates) < 2e-6)
    #expect(largestDifference(dcell, expectedDcell) < 2e-6)
  }
}
