import Augmentation
import Evaluation
import Features
import NeuralNetwork
import Training

extension Preset {
  /// For voices that were in training, as a random split has them: a recording's level and its silences, which `default` throws
  /// away because they mislead about strangers, tell which take of which actor it is.
  static var knownVoices: Preset {
    var features = FrontEndConfiguration()
    features.hopLength = 256
    features.trim = nil
    features.normalization = .fixed(nil)
    features.planes = [
      .init(features: [spectrum(20...8000, range: 70)]),
      .init(features: [harmonics(60...1600, range: 70)]),
    ]

    var training = TrainingOptions()
    training.epochs = 200
    training.validation = 0
    training.members = 5
    training.classWeights = .balanced
    training.augmentation.mixupChance = 0.5

    // Learning voices by heart is wanted here: three times as many units as for strangers, less held back and less varied.
    var statistics = functionals(
      "statistics", share: 0.35, classes: 8,
      .init(name: "functionals", coefficients: [32, 48]), units: 384, dropout: (0.2, 0.3))
    statistics.training.epochs = 80
    statistics.training.weightDecay = 0.01
    statistics.training.intensity = 0
    statistics.training.augmentation.bandWarp = 0
    statistics.training.augmentation.timeStretch = 0.02

    return Preset(
      name: "known-voices",
      summary:
        "for voices heard in training only: level and silences kept; five CNN+LSTM, and three networks over statistics",
      features: features,
      // An LSTM that steps every 128 ms instead of 64 errs less here, and costs a third less.
      layers: convolutionalLSTM(classes: 8, framesPerStep: 8), training: training,
      companions: [statistics])
  }
}
