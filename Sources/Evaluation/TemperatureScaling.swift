import LinearAlgebra

/// One number by which logits are divided before softmax so that confidences become honest; the most
/// probable class stays what it was. Guo et al. 2017, "On Calibration of Modern Neural Networks".
public struct TemperatureScaling: Codable, Sendable, Equatable {
  /// Above 1 softens, below 1 sharpens; from 0.05 to 20.
  public let temperature: Double

  public init(temperature: Double) {
    precondition(temperature > 0 && temperature.isFinite, "temperature \(temperature)")
    self.temperature = temperature
  }

  /// The temperature with the least negative log likelihood of the targets.
  ///
  /// In the inverse temperature that likelihood is convex, so its slope is followed to its zero by
  /// halving; where it has none (every target has the largest logit) the limit is the answer.
  /// - Parameters:
  ///   - logits: (clips, classes), finite; not the clips the network was trained on.
  ///   - weights: What each clip counts; the same, if not said.
  public init(logits: [[Float]], targets: [Int], weights: [Double]? = nil) {
    precondition(logits.count == targets.count, "\(logits.count) logits, \(targets.count) targets")
    let weights = weights ?? targets.map { _ in 1 }
    var range = (low: 1.0 / 20, high: 20.0)
    for _ in 0..<60 {
      let middle = (range.low * range.high).squareRoot()
      let slope = zip(weights, zip(logits, targets)).reduce(0) { sum, clip in
        sum + clip.0 * Self.slope(clip.1.0, clip.1.1, inverse: middle)
      }
      if slope <= 0 { range.low = middle } else { range.high = middle }
    }
    temperature = 1 / (range.low * range.high).squareRoot()
  }

  /// Probabilities of the classes.
  public func callAsFunction(_ logits: [Float]) -> [Float] {
    softmax(logits, scale: 1 / temperature).map(Float.init)
  }

  /// Derivative of one clip's negative log likelihood by the inverse temperature: the expected logit
  /// less the target's.
  private static func slope(_ logits: [Float], _ target: Int, inverse: Double) -> Double {
    zip(softmax(logits, scale: inverse), logits).reduce(0) {
      $0 + $1.0 * (Double($1.1) - Double(logits[target]))
    }
  }
}
