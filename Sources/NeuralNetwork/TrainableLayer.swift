package import LinearAlgebra

/// A layer that can learn: a forward pass that remembers what the backward pass needs.
package protocol TrainableLayer: Layer {
  /// The answer in training mode, and what must be remembered of it.
  func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape)

  /// From the gradient of the answer: adds the gradient of the weights to `gradient`, laid out as
  /// the parameters are, and returns the gradient of the input.
  func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch
}

/// What a layer remembers from its forward to its backward pass.
package enum Tape: Sendable {
  case nothing
  case input(Batch)
  case output(Batch)
  case inputAndOutput(Batch, Batch)
  /// The factor each value was multiplied with.
  case factors([Float])
  case moments(input: Batch, mean: [Float], variance: [Float])
  /// Frames of each clip, for layers that need no values.
  case lengths([Int])
  case attention(input: Batch, squashed: [Float], weights: [Float], output: Batch)
  /// Input of each stacked layer, and what each of its directions computed.
  case recurrent([(Batch, [RecurrentRun])])
  /// Normalised frames, and what each was scaled by.
  case normalized([Float], inverse: [Float])
  case selfAttention(input: Batch, projected: Batch, heads: Batch)
  /// The tapes of each branch's layers.
  case branches([[Tape]])
}

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
