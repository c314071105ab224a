/// The slope of each value over time, or its curvature (`librosa.feature.delta`): the derivative of a polynomial fitted
/// to a window around each frame, after Savitzky and Golay.
public struct Delta: Sendable {
  public let width: Int
  public let order: Int
  /// The derivative's weights over the window.
  let weights: [Float]

  /// - Parameters:
  ///   - width: frames of the window, odd.
  ///   - order: which derivative, and the polynomial's degree.
  public init(width: Int = 9, order: Int = 1) throws(SignalError) {
    try require(width >= 3 && width < 1000 && !width.isMultiple(of: 2), "width", Double(width))
    try require((1..<width).contains(order) && order <= 8, "order", Double(order))
    self.width = width
    self.order = order
    weights = Self.weights(width: width, order: order)
  }

  /// A delta for each value. Near the ends the polynomial of the outermost whole window goes on (`mode="interp"`); as
  /// its highest derivative is the same everywhere, that is the value of the window's middle.
  public func callAsFunction(_ frames: Frames) throws(SignalError) -> Frames {
    guard frames.count >= width else {
      throw .tooFewFrames(found: frames.count, required: width)
    }
    var result = Frames(zeros: frames.count, width: frames.width)
    for t in 0..<frames.count {
      let first = min(max(t - width / 2, 0), frames.count - width)
      for (offset, weight) in weights.enumerated() {
        for n in 0..<frames.width {
          result.values[t * frames.width + n] +=
            weight * frames.values[(first + offset) * frames.width + n]
        }
      }
    }
    return result
  }

  /// The leading coefficient of a least-squares polynomial is the projection onto the monic orthogonal polynomial of
  /// that degree, p; its derivative is that times order!.
  private static func weights(width: Int, order: Int) -> [Float] {
    let x = (0..<width).map { Double($0 - width / 2) }
    var last = [Double](repeating: 0, count: width)
    var p = [Double](repeating: 1, count: width)
    var lastSquares = 1.0
    for degree in 0..<order {
      let squares = p.reduce(0) { $0 + $1 * $1 }
      let back = degree == 0 ? 0 : squares / lastSquares
      (last, p) = (p, x.indices.map { x[$0] * p[$0] - back * last[$0] })
      lastSquares = squares
    }
    let squares = p.reduce(0) { $0 + $1 * $1 }
    let factorial = (1...order).reduce(1.0) { $0 * Double($1) }
    return p.map { Float(factorial * $0 / squares) }
  }
}
