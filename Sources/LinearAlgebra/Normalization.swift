internal import CVectorKernels

/// y[r][c] = y[r][c] * scale[c] + shift[c], in place.
public func scaleAndShift(
  _ y: inout MutableSpan<Float>, scale: Span<Float>, shift: Span<Float>
) {
  let columns = scale.count
  precondition(columns > 0 && shift.count == columns && y.count % columns == 0, "no whole rows")
  unsafe y.withUnsafeMutableBufferPointer { y in
    unsafe scale.withUnsafeBufferPointer { scale in
      unsafe shift.withUnsafeBufferPointer { shift in
        unsafe vk_scale_shift(
          y.baseAddress, y.baseAddress, scale.baseAddress, shift.baseAddress,
          y.count / columns, columns)
      }
    }
  }
}

/// y[r][c] = x[r][c] * scale[c] + shift[c].
public func scaleAndShift(
  _ x: Span<Float>, scale: Span<Float>, shift: Span<Float>, into y: inout MutableSpan<Float>
) {
  let columns = scale.count
  precondition(columns > 0 && shift.count == columns && y.count % columns == 0, "no whole rows")
  precondition(x.count == y.count, "the answer has another shape")
  unsafe y.withUnsafeMutableBufferPointer { y in
    unsafe x.withUnsafeBufferPointer { x in
      unsafe scale.withUnsafeBufferPointer { scale in
        unsafe shift.withUnsafeBufferPointer { shift in
          unsafe vk_scale_shift(
            y.baseAddress, x.baseAddress, scale.baseAddress, shift.baseAddress,
            y.count / columns, columns)
        }
      }
    }
  }
}

/// Mean and variance (of the population) of each column, in two passes and summed in blocks, so
/// that half a million rows lose no digits.
public struct ColumnMoments: Sendable {
  public var mean: [Float]
  public var variance: [Float]

  /// `x` is (rows, columns).
  public init(of x: Span<Float>, columns: Int) {
    let divisor = Double(max(x.count / columns, 1))
    let average = Self.blockwise(x, columns) { addColumnSums(of: $0, to: &$1) }
      .map { Float($0 / divisor) }
    mean = average
    variance = Self.blockwise(x, columns) { addColumnSquares(of: $0, mean: average.span, to: &$1) }
      .map { Float($0 / divisor) }
  }

  /// Sums a block of rows in Float, the blocks in Double.
  private static func blockwise(
    _ x: Span<Float>, _ columns: Int, _ add: (Span<Float>, inout MutableSpan<Float>) -> Void
  ) -> [Double] {
    var totals = [Double](repeating: 0, count: columns)
    let block = 256 * columns
    for start in stride(from: 0, to: x.count, by: block) {
      var sums = [Float](repeating: 0, count: columns)
      var span = sums.mutableSpan
      add(x.extracting(start..<min(start + block, x.count)), &span)
      for c in 0..<columns { totals[c] += Double(sums[c]) }
    }
    return totals
  }
}

/// squares[c] += the sum of (x[r][c] - mean[c])² over the rows.
func addColumnSquares(
  of x: Span<Float>, mean: Span<Float>, to squares: inout MutableSpan<Float>
) {
  precondition(mean.count == squares.count && x.count % squares.count == 0)
  unsafe squares.withUnsafeMutableBufferPointer { squares in
    unsafe x.withUnsafeBufferPointer { x in
      unsafe mean.withUnsafeBufferPointer { mean in
        unsafe vk_add_column_squares(
          squares.baseAddress, x.baseAddress, mean.baseAddress, x.count / squares.count,
          squares.count)
      }
    }
  }
}

/// What the backward pass of a normalisation needs of a gradient, per column: its sum, and the sum
/// of its product with the centred input.
public func normalizationSums(
  ofGradient dy: Span<Float>, input x: Span<Float>, mean: Span<Float>,
  sums: inout MutableSpan<Float>, products: inout MutableSpan<Float>
) {
  let columns = mean.count
  precondition(dy.count == x.count && sums.count == columns && products.count == columns)
  unsafe sums.withUnsafeMutableBufferPointer { sums in
    unsafe products.withUnsafeMutableBufferPointer { products in
      unsafe dy.withUnsafeBufferPointer { dy in
        unsafe x.withUnsafeBufferPointer { x in
          unsafe mean.withUnsafeBufferPointer { mean in
            unsafe vk_norm_backward_sums(
              sums.baseAddress, products.baseAddress, dy.baseAddress, x.baseAddress,
              mean.baseAddress, x.count / columns, columns)
          }
        }
      }
    }
  }
}

/// dy[r][c] = a[c] * dy[r][c] + b[c] * (x[r][c] - mean[c]) + d[c], in place.
public func normalizationBackward(
  _ dy: inout MutableSpan<Float>, input x: Span<Float>, mean: Span<Float>,
  a: Span<Float>, b: Span<Float>, d: Span<Float>
) {
  let columns = mean.count
  precondition(
    dy.count == x.count && a.count == columns && b.count == columns && d.count == columns)
  unsafe dy.withUnsafeMutableBufferPointer { dy in
    unsafe x.withUnsafeBufferPointer { x in
      unsafe mean.withUnsafeBufferPointer { mean in
        unsafe a.withUnsafeBufferPointer { a in
          unsafe b.withUnsafeBufferPointer { b in
            unsafe d.withUnsafeBufferPointer { d in
              unsafe vk_norm_backward(
                dy.baseAddress, x.baseAddress, mean.baseAddress, a.baseAddress, b.baseAddress,
                d.baseAddress, x.count / columns, columns)
            }
          }
        }
      }
    }
  }
}
