internal import CVectorKernels

/// AdamW (Loshchilov and Hutter 2019) on one flat vector of weights; `torch.optim.AdamW`'s numbers.
public struct AdamW: Sendable {
  public var beta1: Float = 0.9
  public var beta2: Float = 0.999
  public var epsilon: Float = 1e-8
  public private(set) var first: [Float]
  public private(set) var second: [Float]
  public private(set) var steps: Int

  public init(count: Int) {
    self.init(
      first: .init(repeating: 0, count: count), second: .init(repeating: 0, count: count), steps: 0)
  }

  /// Goes on from saved moments.
  public init(first: [Float], second: [Float], steps: Int) {
    precondition(first.count == second.count)
    (self.first, self.second, self.steps) = (first, second, steps)
  }

  /// Counts a step; the weights are then moved by `update`, which may be called for several parts.
  public mutating func beginStep() { steps += 1 }

  /// Moves the weights in `range` against `gradient` scaled by `clip`.
  public mutating func update(
    _ weights: inout [Float], gradient: [Float], range: Range<Int>, learningRate: Float,
    weightDecay: Float, clip: Float = 1
  ) {
    precondition(weights.count == first.count && gradient.count == first.count)
    precondition(range.lowerBound >= 0 && range.upperBound <= weights.count && steps > 0)
    let step = learningRate / (1 - Float(pow(Double(beta1), steps)))
    let root = Float(1 / (1 - pow(Double(beta2), steps)).squareRoot())
    let start = range.lowerBound
    unsafe weights.withUnsafeMutableBufferPointer { weights in
      unsafe gradient.withUnsafeBufferPointer { gradient in
        unsafe first.withUnsafeMutableBufferPointer { first in
          unsafe second.withUnsafeMutableBufferPointer { second in
            unsafe vk_adamw(
              weights.baseAddress! + start, gradient.baseAddress! + start,
              first.baseAddress! + start, second.baseAddress! + start, clip, beta1, beta2,
              step, root, epsilon, learningRate * weightDecay, range.count)
          }
        }
      }
    }
  }

  private func pow(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}
