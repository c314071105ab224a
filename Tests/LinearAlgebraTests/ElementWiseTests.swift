import LinearAlgebra
import TestSupport
import Testing

@Suite("Loops over vectors")
struct ElementWiseTests {
  @Test("rectify and let gradients through where a value is positive", arguments: awkwardSizes)
  func rectifier(_ count: Int) {
    let (x, dy) = (numbers(count), numbers(count, seed: 2))
    let y = changed(x) { rectify(&$0) }
    #expect(y == x.map { max($0, 0) })
    #expect(changed(dy) { rectifyBackward(&$0, y.span) } == zip(dy, x).map { $1 > 0 ? $0 : 0 })
  }

  @Test("let what is not a number show, forwards and backwards")
  func notNumbers() {
    let x: [Float] = [1, .nan, -1, 0]
    let y = changed(x) { rectify(&$0) }
    #expect(y[1].isNaN && y[0] == 1 && y[2] == 0)
    #expect(changed([2, 3, 4, 5]) { rectifyBackward(&$0, y.span) } == [2, 3, 0, 0])
  }

  @Test("scale, add and multiply", arguments: awkwardSizes)
  func linear(_ count: Int) {
    let (x, y) = (numbers(count), numbers(count, seed: 2))
    let sums = changed(y) { addScaled(x.span, 0.3, to: &$0) }
    #expect(largestDifference(sums, zip(x, y).map { $1 + 0.3 * $0 }) < 1e-6)
    #expect(changed(y) { multiplyEach(&$0, by: x.span) } == zip(x, y).map { $0 * $1 })
    let inner = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(Double(dot(x.span, y.span)) - inner) < 1e-5)
  }

  @Test("add a row to each row", arguments: awkwardShapes)
  func rows(rows: Int, columns: Int) {
    let (x, row) = (numbers(rows * columns), numbers(columns, seed: 2))
    let sums = x.indices.map { x[$0] + row[$0 % columns] }
    #expect(changed(x) { addRow(row.span, to: &$0) } == sums)
    #expect(
      changed(x) { addRow(row.span, to: &$0, rectifying: true) } == sums.map { max($0, 0) })
  }

  @Test("sum columns onto what is there", arguments: awkwardShapes)
  func columns(rows: Int, columns: Int) {
    let (x, start) = (numbers(rows * columns), numbers(columns, seed: 2))
    let expected = (0..<columns).map { c in
      (0..<rows).reduce(start[c]) { $0 + x[$1 * columns + c] }
    }
    let found = changed(start) { addColumnSums(of: x.span, to: &$0) }
    #expect(largestDifference(found, expected) < 1e-5)
  }

  @Test("make probabilities", arguments: awkwardSizes)
  func probabilities(_ count: Int) {
    let x = numbers(count).map { 5 * $0 }
    let found = changed(x) { softmax(&$0) }
    let exponentials = x.map { exponential(Double($0)) }
    let sum = exponentials.reduce(0, +)
    #expect(largestDifference(found, exponentials.map { Float($0 / sum) }) < 1e-6)
  }

  @Test("make probabilities of logits as large as they come")
  func largeLogits() {
    #expect(changed([1000, 1000, -1000, -3e38]) { softmax(&$0) }[..<2] == [0.5, 0.5])
    let far = changed([3e38, -3e38]) { softmax(&$0) }
    #expect(far[0] == 1 && far[1] < 2e-38)
    #expect(changed([-1e30]) { softmax(&$0) } == [1])
    #expect(changed([]) { softmax(&$0) } == [])
  }
}
