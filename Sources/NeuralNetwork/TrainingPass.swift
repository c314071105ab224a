package import LinearAlgebra

/// One forward pass in training: where its randomness comes from, and the batch statistics that
/// normalisation layers met, for the running ones to follow.
package struct TrainingPass: Sendable {
  package var random: RandomSource
  package var moments: [BatchMoments] = []

  package init(random: RandomSource) { self.random = random }
}

/// Mean and variance (unbiased) a normalisation layer met, and the running ones they belong to.
package struct BatchMoments: Sendable {
  let mean: [Float]
  let variance: [Float]
  let runningMean: Range<Int>
  let runningVariance: Range<Int>
  let momentum: Float

  /// running = (1 - momentum) · running + momentum · batch
  package func update(_ statistics: inout [Float]) {
    for (place, value) in zip(runningMean, mean) {
      statistics[place] += momentum * (value - statistics[place])
    }
    for (place, value) in zip(runningVariance, variance) {
      statistics[place] += momentum * (value - statistics[place])
    }
  }
}
