import Glibc
import Recognition

/// What is made of a recording's logits: `function_to_apply` of Hugging Face's tasks.
///
/// Probabilities tell logits but for a constant, which is chosen so that the logits sum to zero. So they are defined
/// for a mean of windows, too, and their softmax is what the answer says, calibration included.
enum ScoreFunction: String {
  case softmax
  case sigmoid
  case none

  /// - Parameter scores: Of all labels.
  /// - Returns: One number for each, in the same order.
  func callAsFunction(_ scores: [Score]) -> [Float] {
    switch self {
    case .softmax: scores.map(\.probability)
    case .none: logits(scores)
    case .sigmoid: logits(scores).map { 1 / (1 + exp(-$0)) }
    }
  }

  private func logits(_ scores: [Score]) -> [Float] {
    // What has become zero in floating point was a little more.
    let logarithms = scores.map { log(max($0.probability, .leastNormalMagnitude)) }
    let mean = logarithms.reduce(0, +) / Float(logarithms.count)
    return logarithms.map { $0 - mean }
  }
}
