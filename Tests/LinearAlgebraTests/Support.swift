import LinearAlgebra

/// Around the widths of vector registers, where loops have remainders.
let awkwardSizes = [1, 7, 8, 15, 16, 17, 33]

/// Shapes of such sizes.
let awkwardShapes = awkwardSizes.flatMap { rows in awkwardSizes.map { (rows, $0) } }

/// The array after `body` changed it in place.
func changed(_ values: [Float], _ body: (inout MutableSpan<Float>) -> Void) -> [Float] {
  var values = values
  values.updateAll(body)
  return values
}

/// Row sums and such, without rounding worth mentioning.
func product(_ a: [Float], _ b: [Float], rows: Int, inner: Int, columns: Int) -> [Float] {
  (0..<rows * columns).map { place in
    let (r, c) = (place / columns, place % columns)
    return Float(
      (0..<inner).reduce(0.0) { $0 + Double(a[r * inner + $1]) * Double(b[$1 * columns + c]) })
  }
}

func transposed(_ a: [Float], rows: Int, columns: Int) -> [Float] {
  (0..<a.count).map { a[($0 % rows) * columns + $0 / rows] }
}
