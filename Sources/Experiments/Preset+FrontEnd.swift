import Evaluation
public import Features
package import Training

extension Preset {
  /// What features are extracted with before training: where statistics are yet to be found, maps stay as they are.
  /// - Throws: `configuration` where the preset's features make no sense.
  public func extractor() throws(FeatureError) -> FrontEnd {
    var features = features
    if features.needsStatistics { features.normalization = .none }
    return try FrontEnd(features)
  }

  /// The front end of a network that learned from these recordings. Statistics are those of the
  /// recordings alone, not of their augmented copies, and of nothing outside the training part.
  /// - Throws: `configuration` where the features make no sense, or where there are statistics to find and no recordings.
  package func frontEnd(
    fittedOn training: some Sequence<TrainingExample>
  ) throws(FeatureError) -> FrontEnd {
    var features = features
    if features.needsStatistics {
      var found = FeatureStatistics.Accumulator()
      for example in training { found.add(example.recording) }
      features.normalization = .fixed(found.statistics)
    }
    return try FrontEnd(features)
  }
}
