internal import COpenBLAS

/// Eigenvalues of a symmetric matrix, ascending, and an eigenvector of length 1 for each, one after the
/// other (LAPACK's `dsyev`).
/// - Parameter matrix: (size, size), finite.
public func symmetricEigenvectors(
  _ matrix: [Double], size: Int
) -> (values: [Double], vectors: [Double]) {
  precondition(size > 0 && matrix.count == size * size, "\(matrix.count) values of \(size) rows")
  var vectors = matrix
  var values = [Double](repeating: 0, count: size)
  var order = Int32(size)
  var workCount = Int32(max(1, 34 * size))
  var work = [Double](repeating: 0, count: Int(workCount))
  var problem: Int32 = 0
  var (job, triangle) = (CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")))
  var stride = order
  unsafe dsyev_(
    &job, &triangle, &order, &vectors, &stride, &values, &work, &workCount, &problem)
  precondition(problem == 0, "dsyev ended with \(problem): the matrix is not finite")
  return (values, vectors)
}
