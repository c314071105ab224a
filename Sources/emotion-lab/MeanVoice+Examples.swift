import EmotionModel
import Features
import Training

extension MeanVoice {
  /// What the mean speaker of some examples sounds like to a network; nil where its features are no log-mel bands.
  /// - Parameters:
  ///   - channels: Which of the examples' channels the network takes; nil for all.
  ///   - features: Of the network.
  /// - Precondition: there are examples.
  init?(of examples: [TrainingExample], channels: [Int]?, features: FrontEndConfiguration) {
    guard features.isLogarithmic, features.functionals == nil else { return nil }
    let mean = SpeakerStyles(of: examples) { $0.selecting(channels) }.mean
    self.init(means: mean.means, deviations: mean.deviations)
  }
}
