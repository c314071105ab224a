import LinearAlgebra
import NeuralNetwork

/// Everything a training needs to go on: what a checkpoint holds.
struct TrainingState: Sendable {
  var weights: Weights
  var averaged: Weights
  var optimizer: AdamW
  /// Epochs done.
  var epoch = 0
  /// Steps done.
  var step = 0
  var best: Best?
  var history: [EpochReport] = []

  struct Best: Sendable {
    var epoch: Int
    var weights: Weights
  }

  init(_ weights: Weights) {
    self.weights = weights
    averaged = weights
    optimizer = AdamW(count: weights.parameters.count)
  }

  /// The weights that are judged and kept.
  func judged(_ options: TrainingOptions) -> Weights {
    options.averagingDecay > 0 ? averaged : weights
  }

  /// One optimiser step.
  mutating func apply(_ result: TrainingStep, context: TrainingContext, rate: Float) {
    let options = context.options
    let clip = result.clipFactor(options.clipNorm)
    optimizer.beginStep()
    for slot in context.network.layout.parameters {
      optimizer.update(
        &weights.parameters, gradient: result.gradient, range: slot.range, learningRate: rate,
        weightDecay: slot.decays ? options.weightDecay : 0, clip: clip)
    }
    for moments in result.moments { moments.update(&weights.statistics) }
    step += 1
    average(options.averagingDecay)
  }

  /// Moves the average towards the weights, faster at the start so that the random start is
  /// forgotten.
  private mutating func average(_ decay: Float) {
    guard decay > 0 else { return }
    let fraction = 1 - min(decay, Float(1 + step) / Float(10 + step))
    averaged.parameters.updateAll { average in
      for i in 0..<average.count { average[i] += fraction * (weights.parameters[i] - average[i]) }
    }
    averaged.statistics.updateAll { average in
      for i in 0..<average.count { average[i] += fraction * (weights.statistics[i] - average[i]) }
    }
  }
}
