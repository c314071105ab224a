import Features
import NeuralNetwork

extension TrainingContext {
  /// Weights to begin training with. A first layer that standardises learns its means and deviations from the training
  /// examples, each variant of each counting the same.
  func initialWeights(for training: [TrainingExample]) -> Weights {
    var weights = network.initialWeights(seed: seed)
    guard let layer = network.layers.first as? Standardize else { return weights }
    var found = FeatureStatistics.Accumulator()
    for example in training {
      for variant in example.variants { found.add(networkInput(of: own(variant.map))) }
    }
    guard let statistics = found.statistics else { return weights }
    weights.statistics.replaceSubrange(layer.mean, with: statistics.mean)
    weights.statistics.replaceSubrange(layer.deviation, with: statistics.deviation)
    return weights
  }
}
