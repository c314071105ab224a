import EmotionFeatures
import EmotionModel

extension Network {
  /// Weights to begin training with. A first layer that standardises learns its means and deviations from the training
  /// examples, each variant of each counting the same.
  func initialWeights(seed: UInt64, for training: [TrainingExample], _ frontEnd: FrontEnd)
    -> Weights
  {
    var weights = initialWeights(seed: seed)
    guard let layer = layers.first as? Standardize else { return weights }
    var found = FeatureStatistics.Accumulator()
    for example in training {
      for variant in example.variants { found.add(frontEnd.normalized(variant)) }
    }
    guard let statistics = found.statistics else { return weights }
    weights.statistics.replaceSubrange(layer.mean, with: statistics.mean)
    weights.statistics.replaceSubrange(layer.deviation, with: statistics.deviation)
    return weights
  }
}
