import Augmentation
import Features
import NeuralNetwork
import Training

extension Preset {
  /// The network that ships: convolutions over a log-mel spectrogram and a finer one of the voice's harmonics, both also as a
  /// telephone carries them, a bidirectional LSTM, attention over time; one more over the first two alone that hears other
  /// languages too; and beside them small networks that see the statistics of all four planes, which err differently.
  public static var `default`: Preset {
    var training = TrainingOptions()
    // Mixup and patience together are worth ten points; mixup over 45 epochs brought nothing (models/EXPERIMENTS.md).
    training.epochs = 150
    training.augmentation.mixupChance = 0.5
    training.augmentation.bandMasks = 1
    training.augmentation.bandMaskWidth = 10
    training.augmentation.timeMasks = 1
    training.classWeights = .balanced
    training.refit = true
    // As good as all epochs anew, in a third of the time.
    training.refitEpochFraction = 0.35
    training.auxiliary = .excluded
    training.augmentation.degradations = degradations
    training.augmentation.degradationChance = 0.42
    var languages = training
    languages.epochs = 110
    languages.auxiliary = .included
    languages.augmentation.degradations = []
    return Preset(
      name: "default",
      summary:
        "two CNN+LSTM, over four and two log-mel planes, and three small networks over statistics",
      features: fourPlanes, layers: convolutionalLSTM(classes: 8), training: training,
      companions: [
        Companion(
          name: "languages", share: 0.2,
          layers: [hearing([0, 1])] + convolutionalLSTM(classes: 8),
          training: languages),
        functionals(
          "statistics", share: 0.5, classes: 8,
          .init(name: "functionals", coefficients: [32, 48, 24, 32])),
      ])
  }

  /// Those that cost most are heard most often, babble speakers above all.
  private static let degradations: [Degradation] = [
    .telephone, .telephone, .mp3(32), .white(20), .white(10), .babble(20), .babble(20),
    .babble(10), .babble(10), .babble(10), .room(500), .room(500), .gain(20),
  ]

  /// The whole spectrum under 25 ms, and its low end under 64 ms (256 samples at 4 kHz), where single
  /// harmonics show: pitch and voice quality. Then both again, within a telephone's band.
  private static var fourPlanes: FrontEndConfiguration {
    var features = FrontEndConfiguration()
    features.hopLength = 256
    features.trim?.margin = 10
    // Further below the loudest value a studio's noise floor speaks, not the voice; 35 dB below, any other noise.
    features.planes = [
      .init(features: [spectrum(20...8000, range: 70)]),
      .init(features: [harmonics(60...1600, range: 70)]),
      .init(features: [spectrum(330...3300, range: 35)]),
      .init(features: [harmonics(330...1600, range: 35)]),
    ]
    return features
  }
}
