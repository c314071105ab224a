import LinearAlgebra
import TestSupport
import Testing

@Suite("A packed matrix")
struct PackedMatrixTests {
  @Test(
    "multiplies vectors as sums of products do, in every width of vector",
    arguments: [
      (1, 1, 1), (3, 5, 7), (30, 384, 256), (9, 64, 8), (0, 4, 4), (1, 64, 250), (1, 9, 40),
      (1, 3, 100),
    ],
    0..<Convolution.widths)
  func products(_ shape: (count: Int, rows: Int, columns: Int), width: Int) {
    let (count, rows, columns) = shape
    let matrix = (0..<rows * columns).map { Float(($0 * 37 + 11) % 101) / 50 - 1 }
    let x = (0..<count * rows).map { Float(($0 * 53 + 5) % 97) / 48 - 1 }
    var y = [Float](repeating: .nan, count: count * columns)
    var span = y.mutableSpan
    PackedMatrix(matrix.span, rows: rows, columns: columns, width: width)
      .multiply(x.span, into: &span)
    let expected = (0..<count).flatMap { n in
      (0..<columns).map { column in
        Float(
          (0..<rows).reduce(0.0) {
            $0 + Double(x[n * rows + $1]) * Double(matrix[$1 * columns + column])
          })
      }
    }
    #expect(y.count == expected.count && largestDifference(y, expected) < 1e-4)
  }
  @Test(
    "adds its products to what is there",
    arguments: [(1, 64, 256), (1, 3, 37), (5, 3, 37), (7, 2, 1)], 0..<Convolution.widths)
  func sums(_ shape: (count: Int, rows: Int, columns: Int), width: Int) {
    let (count, rows, columns) = shape
    let matrix = PackedMatrix(
      (0..<rows * columns).map { Float($0 % 7) }.span, rows: rows, columns: columns, width: width)
    let x = (0..<count * rows).map { Float($0 % 5) }
    // Small whole numbers: every sum is exact.
    let before = (0..<count * columns).map { Float($0 % 11) }
    let product = changed(.init(repeating: .nan, count: before.count)) {
      matrix.multiply(x.span, into: &$0)
    }
    let sum = changed(before) { matrix.multiply(x.span, into: &$0, accumulating: true) }
    #expect(sum == zip(before, product).map(+))
  }
  @Test("fills every size of tile", arguments: 0..<Convolution.widths)
  func tiles(width: Int) {
    for columns in 1...136 {
      let row = (0..<columns).map { Float($0 % 13) }
      let matrix = PackedMatrix((row + row).span, rows: 2, columns: columns, width: width)
      for count in 1...19 {
        let x = (0..<2 * count).map(Float.init)
        let found = changed(.init(repeating: .nan, count: count * columns)) {
          matrix.multiply(x.span, into: &$0)
        }
        #expect(found == (0..<count).flatMap { n in row.map { Float(4 * n + 1) * $0 } })
      }
    }
  }
}
