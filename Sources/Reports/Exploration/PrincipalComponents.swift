import Evaluation
import LinearAlgebra

/// Points of many dimensions seen from where they spread the most: each dimension standardised, then
/// projected onto the eigenvectors of their correlation matrix with the largest eigenvalues.
struct PrincipalComponents {
  /// Two coordinates for each point.
  let points: [[Double]]
  /// Fraction of the variance that each of the two shows.
  let shares: [Double]

  /// - Parameter vectors: Two points at least, of two dimensions at least, all as long.
  init(_ vectors: [[Double]]) {
    let dimensions = vectors[0].count
    let columns = (0..<dimensions).map { d in standardized(vectors.map { $0[d] }) }
    let count = Double(vectors.count)
    let correlations = columns.flatMap { a in
      columns.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / count }
    }
    let (values, axes) = symmetricEigenvectors(correlations, size: dimensions)
    // Ascending: the last are the largest.
    let chosen = [dimensions - 1, dimensions - 2]
    let total = values.reduce(0, +)
    shares = chosen.map { total > 0 ? values[$0] / total : 0 }
    points = vectors.indices.map { point in
      chosen.map { axis in
        (0..<dimensions).reduce(0) { $0 + columns[$1][point] * axes[axis * dimensions + $1] }
      }
    }
  }
}

/// With mean 0 and deviation 1; all 0 when they do not differ.
private func standardized(_ values: [Double]) -> [Double] {
  let centre = mean(values)
  let deviation = mean(values.map { ($0 - centre) * ($0 - centre) }).squareRoot()
  return values.map { deviation > 1e-12 ? ($0 - centre) / deviation : 0 }
}
