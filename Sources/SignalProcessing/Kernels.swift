import CVectorKernels
import LinearAlgebra

// The C loops behind Swift's span types: sizes are checked here, and no pointer leaves this file.

private func checkRoom(for count: Int, at offset: Int, in room: Int) {
  precondition(offset >= 0 && offset <= room - count, "\(count) values at \(offset) of \(room)")
}

/// y = x w, value by value; like all of these it writes from `offset` on.
func multiply(
  _ x: Span<Float>, _ w: Span<Float>, into y: inout MutableSpan<Float>, at offset: Int = 0
) {
  precondition(x.count == w.count, "factors of different lengths")
  checkRoom(for: x.count, at: offset, in: y.count)
  unsafe x.withUnsafeBufferPointer { x in
    unsafe w.withUnsafeBufferPointer { w in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let xs = x.baseAddress, let ws = w.baseAddress, let ys = y.baseAddress else { return }
        unsafe spectrum_multiply(xs, ws, ys + offset, x.count)
      }
    }
  }
}

/// y = a + weight (b − a), from `offset` on.
public func blend(
  _ a: Span<Float>, _ b: Span<Float>, weight: Float, into y: inout MutableSpan<Float>,
  at offset: Int
) {
  precondition(a.count == b.count, "rows of different lengths")
  checkRoom(for: a.count, at: offset, in: y.count)
  unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let a0 = a.baseAddress, let b0 = b.baseAddress, let ys = y.baseAddress else { return }
        unsafe spectrum_blend(a0, b0, weight, ys + offset, a.count)
      }
    }
  }
}

/// Σ x²
func energy(_ x: Span<Float>) -> Float {
  unsafe x.withUnsafeBufferPointer { x in
    guard let base = x.baseAddress else { return 0 }
    return unsafe spectrum_energy(base, x.count)
  }
}

/// Σ x
func sum(_ x: Span<Float>) -> Float {
  unsafe x.withUnsafeBufferPointer { x in
    guard let base = x.baseAddress else { return 0 }
    return unsafe spectrum_sum(base, x.count)
  }
}

/// The mean of each `factor` samples; those at the end that are fewer are left out.
func averages(_ x: Span<Float>, of factor: Int) -> [Float] {
  precondition(factor > 0, "averages of \(factor) samples")
  let count = x.count / factor
  return unsafe [Float](unsafeUninitializedCapacity: count) { y, initialized in
    unsafe x.withUnsafeBufferPointer { x in
      guard let xs = x.baseAddress, let ys = y.baseAddress else { return }
      unsafe spectrum_averages(xs, factor, ys, count)
      initialized = count
    }
  }
}

/// The largest magnitude among the samples; infinite or NaN as soon as one of them is. 0 when there are none.
public func peakMagnitude(_ x: Span<Float>) -> Float {
  unsafe x.withUnsafeBufferPointer { x in
    guard let base = x.baseAddress else { return 0 }
    return unsafe spectrum_peak(base, x.count)
  }
}

/// x = 10·log10(max(floor, x))
func toDecibels(_ x: inout MutableSpan<Float>, floor: Float) {
  precondition(floor >= Float.leastNormalMagnitude, "a floor without logarithm")
  unsafe x.withUnsafeMutableBufferPointer { x in
    guard let base = x.baseAddress else { return }
    unsafe spectrum_decibels(base, x.count, floor)
  }
}

/// Raises values that lie further than `range` below the largest one to that.
func limit(_ x: inout MutableSpan<Float>, range: Float) {
  unsafe x.withUnsafeMutableBufferPointer { x in
    guard let base = x.baseAddress else { return }
    unsafe spectrum_limit(base, x.count, range)
  }
}

/// y = M x, M row-major with as many columns as x has values.
func multiply(
  matrix: Span<Float>, _ x: Span<Float>, into y: inout MutableSpan<Float>, at offset: Int
) {
  precondition(matrix.count.isMultiple(of: x.count), "a matrix of another shape")
  let rows = matrix.count / x.count
  checkRoom(for: rows, at: offset, in: y.count)
  unsafe matrix.withUnsafeBufferPointer { m in
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let ms = m.baseAddress, let xs = x.baseAddress, let ys = y.baseAddress else { return }
        unsafe spectrum_matrix_vector(ms, xs, ys + offset, rows, x.count)
      }
    }
  }
}

/// Mean and population variance of every `stride`-th value from `offset` on.
public func moments(
  _ x: Span<Float>, offset: Int = 0, stride: Int = 1
) -> (mean: Double, variance: Double) {
  precondition(stride > 0 && 0 <= offset && offset < x.count, "no values to take moments of")
  var mean = 0.0
  var variance = 0.0
  unsafe x.withUnsafeBufferPointer { x in
    guard let base = x.baseAddress else { return }
    let count = (x.count - offset - 1) / stride + 1
    unsafe spectrum_moments(base + offset, count, stride, &mean, &variance)
  }
  return (mean, variance)
}

/// Mean and population variance of each channel, of cells whose channels lie side by side.
public func moments(
  _ x: Span<Float>, channels: Int
) -> (means: [Double], variances: [Double]) {
  precondition(channels > 0 && x.count > 0 && x.count.isMultiple(of: channels), "no whole cells")
  var means = [Double](repeating: 0, count: channels)
  var variances = means
  unsafe x.withUnsafeBufferPointer { x in
    guard let base = x.baseAddress else { return }
    unsafe spectrum_channel_moments(base, x.count / channels, channels, &means, &variances)
  }
  return (means, variances)
}

/// Every `step`-th value of `target` from `offset` on becomes one of `x`.
public func spread(
  _ x: Span<Float>, into target: inout MutableSpan<Float>, at offset: Int, step: Int
) {
  precondition(step > 0, "a step of \(step)")
  guard x.count > 0 else { return }
  checkRoom(for: (x.count - 1) * step + 1, at: offset, in: target.count)
  unsafe x.withUnsafeBufferPointer { x in
    unsafe target.withUnsafeMutableBufferPointer { target in
      guard let from = x.baseAddress, let to = target.baseAddress else { return }
      unsafe spectrum_spread(from, x.count, step, to + offset)
    }
  }
}

/// Σ √p, Σ k √p and Σ k² √p over the bins k of a power spectrum.
func magnitudeSums(_ power: Span<Float>) -> (sum: Double, first: Double, second: Double) {
  var sums = (sum: 0.0, first: 0.0, second: 0.0)
  unsafe power.withUnsafeBufferPointer { power in
    guard let base = power.baseAddress else { return }
    unsafe spectrum_magnitude_sums(base, power.count, &sums.sum, &sums.first, &sums.second)
  }
  return sums
}

/// A matrix whose rows are zero but for one run of columns each, as the triangles of a mel bank are.
struct BandMatrix: Sendable {
  let columns: Int
  private(set) var weights: [Float] = []
  private(set) var starts: [Int32] = []
  private(set) var ends: [Int32] = []

  var rows: Int { starts.count }

  init(columns: Int) {
    self.columns = columns
  }

  /// Adds a row, given in full.
  mutating func append(_ row: [Float]) {
    precondition(row.count == columns, "a row of another length")
    let start = row.firstIndex { $0 != 0 } ?? 0
    let end = (row.lastIndex { $0 != 0 } ?? -1) + 1
    starts.append(Int32(start))
    ends.append(Int32(end))
    weights.append(contentsOf: row[start..<max(start, end)])
  }

  /// The product with each frame.
  func apply(_ frames: Frames) -> Frames {
    precondition(frames.width == columns, "vectors of another length")
    var result = Frames(unfilled: frames.count, width: rows)
    var scratch = [Float](unfilled: 16 * columns + 256)
    unsafe spectrum_bands(
      weights, starts, ends, rows, frames.values, columns, frames.count, &result.values, &scratch)
    return result
  }

  /// The whole row, zeros included.
  func row(_ index: Int) -> [Float] {
    var result = [Float](repeating: 0, count: columns)
    let first = (0..<index).reduce(0) { $0 + Int(max(ends[$1] - starts[$1], 0)) }
    for (offset, bin) in (Int(starts[index])..<max(Int(starts[index]), Int(ends[index])))
      .enumerated()
    {
      result[bin] = weights[first + offset]
    }
    return result
  }
}
