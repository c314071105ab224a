import Glibc

/// The orthonormal DCT-II (`scipy.fft.dct(type=2, norm="ortho")`), as a matrix: a few coefficients of short rows.
public struct CosineTransform: Sendable {
  let inputs: Int
  let outputs: Int
  /// (outputs, inputs)
  private let matrix: [Float]

  /// The first `outputs` coefficients of rows of `inputs` values.
  public init(inputs: Int, outputs: Int) throws(SignalError) {
    try require(inputs > 0, "inputs", Double(inputs))
    try require((1...inputs).contains(outputs), "outputs", Double(outputs))
    self.inputs = inputs
    self.outputs = outputs
    matrix = (0..<outputs).flatMap { k in
      let scale = sqrt((k == 0 ? 1 : 2) / Double(inputs))
      return (0..<inputs).map { n in
        Float(scale * cos(Double.pi * Double(k * (2 * n + 1)) / Double(2 * inputs)))
      }
    }
  }

  public func callAsFunction(_ rows: Frames) -> Frames {
    precondition(rows.width == inputs, "rows of \(rows.width) values for \(inputs) inputs")
    return rows.map(to: outputs) { multiply(matrix: matrix.span, $0, into: &$1, at: $2) }
  }
}
