import LinearAlgebra
import TestSupport
import Testing

@Suite("A product of matrices")
struct MatrixProductTests {
  @Test("is the sum of products, whichever factor lies transposed", arguments: awkwardShapes)
  func agreesWithLoops(rows: Int, columns: Int) {
    for inner in [1, 8, 17] {
      let a = numbers(rows * inner)
      let b = numbers(inner * columns, seed: 2)
      let expected = product(a, b, rows: rows, inner: inner, columns: columns)
      let lying: [(TransposedFactor, [Float], [Float])] = [
        (.neither, a, b), (.first, transposed(a, rows: rows, columns: inner), b),
        (.second, a, transposed(b, rows: inner, columns: columns)),
      ]
      for (factor, a, b) in lying {
        let found = changed(.init(repeating: .nan, count: rows * columns)) {
          multiply(
            a.span, b.span, transposing: factor, into: &$0, rows: rows, inner: inner,
            columns: columns)
        }
        #expect(largestDifference(found, expected) < 1e-5, "\(factor), inner \(inner)")
      }
    }
  }

  @Test("is added to what is there", arguments: awkwardSizes)
  func accumulates(_ rows: Int) {
    let (a, b) = (numbers(rows * 5), numbers(5 * 3, seed: 2))
    let start = numbers(rows * 3, seed: 3)
    let found = changed(start) {
      multiply(
        a.span, b.span, into: &$0, rows: rows, inner: 5, columns: 3, accumulating: true)
    }
    let expected = zip(start, product(a, b, rows: rows, inner: 5, columns: 3)).map(+)
    #expect(largestDifference(found, expected) < 1e-5)
  }
}
