import Foundation

extension RandomSource {
  /// Standard normal (Box and Muller 1958).
  public mutating func normal() -> Float {
    let radius = (-2 * Foundation.log(1 - Double(uniform()))).squareRoot()
    return Float(radius * cos(2 * .pi * Double(uniform())))
  }

  /// Gamma(shape, 1) (Marsaglia and Tsang 2000).
  package mutating func gamma(_ shape: Double) -> Double {
    if shape < 1 {
      return gamma(shape + 1) * pow(Double(uniform()) + 1e-12, 1 / shape)
    }
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = Double(normal())
      let v = pow(1 + c * x, 3)
      let bound = 0.5 * x * x + d - d * v + d * (v > 0 ? Foundation.log(v) : 0)
      if v > 0, Foundation.log(Double(uniform()) + 1e-12) < bound { return d * v }
    }
  }

  /// Beta(a, a), the weight of a mixture (mixup).
  public mutating func beta(_ a: Double) -> Float {
    let (x, y) = (gamma(a), gamma(a))
    return x + y > 0 ? Float(x / (x + y)) : 0.5
  }
}
