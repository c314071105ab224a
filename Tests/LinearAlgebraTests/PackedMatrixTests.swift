import LinearAlgebra
import TestSupport
import Testing

@Suite("A packed matrix")
struct PackedMatrixTests {
  @Test(
    "multiplies vectors as sums of products do, in every width of vector",
    arguments: [(1, 1, 1), (3, 5, 7), (30, 384, 256), (9, 64, 8), (0, 4, 4)],
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
}
