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
  /// - Parameter logits: (clips, classes), finite; not the clips the network was trained on.
  public init(logits: [[Float]], targets: [Int]) {
    precondition(logits.count == targets.count, "\(logits.count) logits, \(targets.count) targets")
    var range = (low: 1.0 / 20, high: 20.0)
    for _ in 0..<60 {
      let middle = (range.low * range.high).squareRoot()
      let slope = zip(logits, targets).reduce(0) { sum, clip in
        sum + Self.slope(clip.0, clip.1, inverse: middle)
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
