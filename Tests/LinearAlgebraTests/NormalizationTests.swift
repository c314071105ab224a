import LinearAlgebra
import TestSupport
import Testing

@Suite("Normalisation of columns")
struct NormalizationTests {
  @Test("scales and shifts", arguments: awkwardShapes)
  func affine(rows: Int, columns: Int) {
    let x = numbers(rows * columns)
    let (scale, shift) = (numbers(columns, seed: 2), numbers(columns, seed: 3))
    let found = changed(x) { scaleAndShift(&$0, scale: scale.span, shift: shift.span) }
    let expected = x.indices.map { x[$0] * scale[$0 % columns] + shift[$0 % columns] }
    #expect(largestDifference(found, expected) < 1e-6)
    let elsewhere = changed(.init(unfilled: x.count)) {
      scaleAndShift(x.span, scale: scale.span, shift: shift.span, into: &$0)
    }
    #expect(elsewhere == found)
  }

  @Test("finds mean and variance", arguments: [(1, 1), (1, 17), (33, 7), (1000, 3), (256, 16)])
  func moments(rows: Int, columns: Int) {
    let x = numbers(rows * columns).map { 100 + $0 }
    let moments = ColumnMoments(of: x.span, columns: columns)
    for c in 0..<columns {
      let column = (0..<rows).map { Double(x[$0 * columns + c]) }
      let mean = column.reduce(0, +) / Double(rows)
      let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
      #expect(abs(Double(moments.mean[c]) - mean) < 5e-5)
      #expect(abs(Double(moments.variance[c]) - variance) < 1e-5)
    }
  }

  @Test("keeps its digits over half a million rows")
  func manyRows() {
    let x = (0..<500_000).map { $0 % 2 == 0 ? Float(1001) : 999 }
    let moments = ColumnMoments(of: x.span, columns: 1)
    #expect(moments.mean == [1000])
    #expect(moments.variance == [1])
  }

  @Test("sums and applies a gradient", arguments: awkwardShapes)
  func backward(rows: Int, columns: Int) {
    let (x, dy) = (numbers(rows * columns), numbers(rows * columns, seed: 2))
    let mean = numbers(columns, seed: 3)
    let (a, b) = (numbers(columns, seed: 4), numbers(columns, seed: 5))
    let d = numbers(columns, seed: 6)
    var (sums, products) = ([Float](repeating: 0, count: columns), numbers(columns, seed: 9))
    var (expectedSums, expectedProducts) = (sums, products)
    for i in x.indices {
      expectedSums[i % columns] += dy[i]
      expectedProducts[i % columns] += dy[i] * (x[i] - mean[i % columns])
    }
    sums.updateAll { sums in
      products.updateAll { products in
        normalizationSums(
          ofGradient: dy.span, input: x.span, mean: mean.span, sums: &sums, products: &products)
      }
    }
    #expect(largestDifference(sums, expectedSums) < 1e-5)
    #expect(largestDifference(products, expectedProducts) < 1e-5)
    let found = changed(dy) {
      normalizationBackward(
        &$0, input: x.span, mean: mean.span, a: a.span, b: b.span, d: d.span)
    }
    let expected = x.indices.map { i in
      let c = i % columns
      return a[c] * dy[i] + b[c] * (x[i] - mean[c]) + d[c]
    }
    #expect(largestDifference(found, expected) < 1e-5)
  }
}
