import Foundation
import LinearAlgebra
import TestSupport
import Testing

private func sigmoid(_ x: Float) -> Float { 1 / (1 + Foundation.exp(-x)) }

@Suite("A step of a GRU cell")
struct GRUCellTests {
  @Test("follows its equations, forwards and backwards", arguments: awkwardShapes)
  func agreesWithLoops(rows: Int, units: Int) {
    let count = rows * units
    let (inputs, recurrent) = (numbers(3 * count), numbers(3 * count, seed: 2))
    let (before, dhidden) = (numbers(count, seed: 3), numbers(count, seed: 4))
    var (gates, sums) = (inputs, recurrent)
    var hidden = [Float](repeating: 0, count: count)
    gates.updateAll { gates in
      hidden.updateAll { hidden in
        GRUCell.step(
          gates: &gates, sums: sums.span, before: before.span, hidden: &hidden, rows: rows,
          units: units)
      }
    }
    var (dinputs, drecurrent) = (inputs, recurrent)
    var expectedBefore = dhidden
    for r in 0..<rows {
      for u in 0..<units {
        let (at, i) = (r * 3 * units + u, r * units + u)
        let reset = sigmoid(inputs[at] + recurrent[at])
        let update = sigmoid(inputs[at + units] + recurrent[at + units])
        let product = recurrent[at + 2 * units]
        let candidate = tanh(inputs[at + 2 * units] + reset * product)
        #expect(abs(hidden[i] - ((1 - update) * candidate + update * before[i])) < 1e-6)
        let slope = dhidden[i] * (1 - update) * (1 - candidate * candidate)
        dinputs[at] = slope * product * reset * (1 - reset)
        dinputs[at + units] = dhidden[i] * (before[i] - candidate) * update * (1 - update)
        dinputs[at + 2 * units] = slope
        (drecurrent[at], drecurrent[at + units]) = (dinputs[at], dinputs[at + units])
        drecurrent[at + 2 * units] = slope * reset
        expectedBefore[i] = dhidden[i] * update
      }
    }
    var dbefore = [Float](repeating: 0, count: count)
    gates.updateAll { gates in
      sums.updateAll { sums in
        dbefore.updateAll { dbefore in
          GRUCell.stepBackward(
            gates: &gates, sums: &sums, before: before.span, dhidden: dhidden.span,
            dbefore: &dbefore, rows: rows, units: units)
        }
      }
    }
    #expect(largestDifference(gates, dinputs) < 2e-6)
    #expect(largestDifference(sums, drecurrent) < 2e-6)
    #expect(largestDifference(dbefore, expectedBefore) < 2e-6)
  }
}
