import LinearAlgebra
import Testing

@Suite("Eigenvectors of a symmetric matrix")
struct EigenvectorTests {
  @Test("satisfy their equation, have length one, and come in order", arguments: [1, 2, 7, 43])
  func equation(size: Int) {
    var matrix = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      for j in 0...i {
        let value = Double((i * 31 + j * 17) % 23) / 7 - 1.5
        (matrix[i * size + j], matrix[j * size + i]) = (value, value)
      }
    }
    let (values, vectors) = symmetricEigenvectors(matrix, size: size)
    #expect(values == values.sorted())
    for k in 0..<size {
      let vector = vectors[k * size..<(k + 1) * size]
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-9)
      for i in 0..<size {
        let product = zip(matrix[i * size..<(i + 1) * size], vector).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - values[k] * vector[k * size + i]) < 1e-9)
      }
    }
  }
}
