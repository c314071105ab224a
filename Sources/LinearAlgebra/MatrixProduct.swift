internal import COpenBLAS
internal import CVectorKernels

/// Which factor of a product is taken transposed from how it lies in memory.
public enum TransposedFactor: Sendable {
  case neither, first, second
}

/// c = a · b, or c += a · b when `accumulating` (`cblas_sgemm`, `cblas_sgemv`).
///
/// All matrices are row-major and dense: a, once transposed if asked, is (rows, inner), b is
/// (inner, columns), c is (rows, columns).
public func multiply(
  _ a: Span<Float>, _ b: Span<Float>, transposing: TransposedFactor = .neither,
  into c: inout MutableSpan<Float>,
  rows: Int, inner: Int, columns: Int, accumulating: Bool = false
) {
  precondition(
    a.count >= rows * inner && b.count >= inner * columns && c.count >= rows * columns,
    "a product of (\(rows), \(inner)) and (\(inner), \(columns)) overruns its matrices")
  guard rows > 0, columns > 0 else { return }
  _ = oneThread
  let beta: Float = accumulating ? 1 : 0
  unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in
      unsafe c.withUnsafeMutableBufferPointer { c in
        if rows == 1, transposing != .first {
          // One row times a matrix: gemm would copy the whole matrix to multiply it once.
          let (height, width) = transposing == .second ? (columns, inner) : (inner, columns)
          unsafe cblas_sgemv(
            CblasRowMajor, transposing == .second ? CblasNoTrans : CblasTrans,
            Int32(height), Int32(width), 1, b.baseAddress, Int32(width),
            a.baseAddress, 1, beta, c.baseAddress, 1)
        } else {
          unsafe cblas_sgemm(
            CblasRowMajor, transposing == .first ? CblasTrans : CblasNoTrans,
            transposing == .second ? CblasTrans : CblasNoTrans,
            Int32(rows), Int32(columns), Int32(inner), 1,
            a.baseAddress, Int32(transposing == .first ? rows : inner),
            b.baseAddress, Int32(transposing == .second ? inner : columns), beta,
            c.baseAddress, Int32(columns))
        }
      }
    }
  }
}

/// How the linear algebra runs.
public enum LinearAlgebraLibrary {
  /// Lets the process keep the memory of freed arrays for the next ones (`mallopt`). A training
  /// step allocates and frees the same large arrays over and over; handed back to the system and
  /// zeroed by it each time, they cost an eighth of the step. Call once, before training.
  public static func keepFreedMemory() { vk_keep_freed_memory() }
}

/// Each product uses one thread (`openblas_set_num_threads`): this package's parallelism is over
/// requests and over clips, where it costs nothing; threads that OpenBLAS adds only wait for each
/// other. Read before every product, which runs it once.
private let oneThread: Void = openblas_set_num_threads(1)
