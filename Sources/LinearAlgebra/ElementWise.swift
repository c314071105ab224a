internal import COpenBLAS
internal import CVectorKernels
internal import Glibc

// Loops over dense row-major matrices, (rows, columns), compiled for wide vectors in CVectorKernels.

/// y = max(y, 0), in place.
public func rectify(_ y: inout MutableSpan<Float>) {
  unsafe y.withUnsafeMutableBufferPointer { y in
    unsafe vk_relu(y.baseAddress, y.count)
  }
}

/// Zeroes the gradient `dy` where `y`, a rectified value, is zero.
public func rectifyBackward(_ dy: inout MutableSpan<Float>, _ y: Span<Float>) {
  precondition(dy.count == y.count, "a gradient has its value's shape")
  unsafe dy.withUnsafeMutableBufferPointer { dy in
    unsafe y.withUnsafeBufferPointer { y in
      unsafe vk_relu_backward(dy.baseAddress, y.baseAddress, y.count)
    }
  }
}

/// y = tanh(y), in place.
public func hyperbolicTangent(_ y: inout MutableSpan<Float>) {
  unsafe y.withUnsafeMutableBufferPointer { y in
    unsafe vk_tanh(y.baseAddress, y.baseAddress, y.count)
  }
}

/// Softmax over the whole span, in place.
public func softmax(_ y: inout MutableSpan<Float>) {
  guard y.count > 0 else { return }
  var largest = y[0]
  for i in 1..<y.count { largest = max(largest, y[i]) }
  unsafe y.withUnsafeMutableBufferPointer { y in
    let sum = unsafe vk_exp_shifted(y.baseAddress, y.baseAddress, largest, y.count)
    unsafe cblas_sscal(Int32(y.count), 1 / sum, y.baseAddress, 1)
  }
}

/// ln Σ exp(x), in double precision; -infinity of nothing.
public func logSumExp(_ x: some Collection<Float>) -> Double {
  guard let largest = x.max().map(Double.init) else { return -.infinity }
  return largest + log(x.reduce(0) { $0 + exp(Double($1) - largest) })
}

/// Softmax of x times `scale`, in double precision.
public func softmax(_ x: [Float], scale: Double) -> [Double] {
  let top = Double(x.max() ?? 0)
  let powers = x.map { exp((Double($0) - top) * scale) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

/// y[r][c] += row[c]; then rectified, if asked.
public func addRow(_ row: Span<Float>, to y: inout MutableSpan<Float>, rectifying: Bool = false) {
  let columns = row.count
  guard columns > 0 else { return }
  precondition(y.count % columns == 0, "\(y.count) values are no whole rows of \(columns)")
  unsafe y.withUnsafeMutableBufferPointer { y in
    unsafe row.withUnsafeBufferPointer { row in
      let rows = y.count / columns
      if rectifying {
        unsafe vk_add_row_relu(y.baseAddress, row.baseAddress, rows, columns)
      } else {
        unsafe vk_add_row(y.baseAddress, row.baseAddress, rows, columns)
      }
    }
  }
}

/// sums[c] += the sum of column c of x.
public func addColumnSums(of x: Span<Float>, to sums: inout MutableSpan<Float>) {
  guard sums.count > 0 else { return }
  precondition(x.count % sums.count == 0, "\(x.count) values are no whole rows of \(sums.count)")
  unsafe sums.withUnsafeMutableBufferPointer { sums in
    unsafe x.withUnsafeBufferPointer { x in
      unsafe vk_add_column_sums(
        sums.baseAddress, x.baseAddress, x.count / sums.count, sums.count)
    }
  }
}

/// y += scale * x.
public func addScaled(_ x: Span<Float>, _ scale: Float, to y: inout MutableSpan<Float>) {
  precondition(x.count == y.count, "\(x.count) values cannot be added to \(y.count)")
  unsafe y.withUnsafeMutableBufferPointer { y in
    unsafe x.withUnsafeBufferPointer { x in
      unsafe vk_add_scaled(y.baseAddress, x.baseAddress, scale, x.count)
    }
  }
}

/// The inner product of x and y.
public func dot(_ x: Span<Float>, _ y: Span<Float>) -> Float {
  precondition(x.count == y.count, "\(x.count) values cannot be multiplied with \(y.count)")
  return unsafe x.withUnsafeBufferPointer { x in
    unsafe y.withUnsafeBufferPointer { y in
      unsafe vk_dot(x.baseAddress, y.baseAddress, x.count)
    }
  }
}

/// y *= factors, value by value.
public func multiplyEach(_ y: inout MutableSpan<Float>, by factors: Span<Float>) {
  precondition(y.count == factors.count, "one factor a value")
  for i in 0..<y.count { y[i] *= factors[i] }
}
