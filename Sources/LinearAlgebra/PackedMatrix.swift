internal import CVectorKernels

/// A matrix that many vectors are multiplied with: laid out for the kernel once, where a general product lays it out each time.
public struct PackedMatrix: Sendable {
  public let rows: Int
  public let columns: Int
  /// (rows, columns filled up to whole vectors)
  private let values: [Float]
  private let convolver: vk_convolver

  /// - Parameters:
  ///   - values: (rows, columns)
  ///   - width: Which of the processor's widths of vector computes, the widest being 0 (`Convolution.widths`).
  public init(_ values: Span<Float>, rows: Int, columns: Int, width: Int = 0) {
    precondition(
      rows > 0 && columns > 0 && values.count == rows * columns, "a matrix of another shape")
    convolver = vk_convolver(width: width)
    self.rows = rows
    self.columns = columns
    self.values = paddedRows(
      values, count: rows, columns: columns, width: convolver.wholeVectors(columns))
  }

  /// y = x M; x is (n, rows), y (n, columns).
  public func multiply(_ x: Span<Float>, into y: inout MutableSpan<Float>) {
    precondition(x.count.isMultiple(of: rows) && y.count == x.count / rows * columns)
    guard x.count > 0 else { return }
    unsafe y.withUnsafeMutableBufferPointer { y in
      unsafe x.withUnsafeBufferPointer { x in
        // A convolution of one tap whose window is a vector.
        unsafe convolver.row(
          y.baseAddress, columns, x.baseAddress, rows, [0], 1, rows, values, columns,
          x.count / rows, nil, 0)
      }
    }
  }
}
