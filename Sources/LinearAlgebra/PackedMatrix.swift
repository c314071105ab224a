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

  /// y = x M, or y += x M when `accumulating`; x is (n, rows), y (n, columns).
  public func multiply(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, accumulating: Bool = false
  ) {
    precondition(x.count.isMultiple(of: rows) && y.count == x.count / rows * columns)
    guard x.count > 0 else { return }
    var start = 0
    // A convolution of one tap whose window is a vector.
    unsafe withUnsafePointer(to: &start) { start in
      var windows = unsafe vk_windows(
        frames: 1, positions: x.count / rows, x_frame: 0, x_step: rows, y_frame: 0,
        y_step: columns, offsets: start, taps: 1, inner: rows, accumulates: accumulating ? 1 : 0)
      unsafe y.withUnsafeMutableBufferPointer { y in
        unsafe x.withUnsafeBufferPointer { x in
          unsafe convolver.convolve(y.baseAddress, x.baseAddress, &windows, values, columns, nil, 0)
        }
      }
    }
  }
}
