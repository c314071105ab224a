import Augmentation
import Evaluation
import Features
import NeuralNetwork
import Training

extension Preset {
  /// More of what `default` is made of, at twice its size and half as many operations again: its first network twice, since one
  /// CNN+LSTM is a matter of luck; two more planes; and a kind of small networks over spectral shape.
  static var sixPlanes: Preset {
    let shipped = Preset.default
    var features = shipped.features
    features.normalization = .fixed(nil)
    features.planes.append(.init(features: [harmonics(60...800, range: 70, decimation: 8)]))
    for plane in features.planes.indices { features.planes[plane].normalization = .utterance }
    // Numbers of different kinds have no common mean: those of the training part bring them to one scale.
    features.planes.append(.init(features: shape))

    var training = shipped.training
    training.members = 2
    training.augmentation.degradations = degradations
    training.augmentation.degradationChance = 0.45
    var languages = shipped.companions[0]
    languages.share = 0.15
    languages.training.augmentation.degradationChance = 0.45
    return Preset(
      name: "six-planes",
      summary:
        "default and more: three CNN+LSTM, and three small networks each over statistics and spectral shape",
      features: features, layers: [hearing([0, 1, 2, 3])] + shipped.layers, training: training,
      companions: [
        languages,
        functionals(
          "statistics", share: 0.3, of: [0, 1, 2, 3, 4], classes: 8,
          .init(name: "functionals", coefficients: [32, 48, 32, 32, 48])),
        // Of the spectrum no more than the level, which tells loud frames; last the harmonics, which tell voiced ones.
        functionals(
          "shape", share: 0.25, of: [0, 5, 2, 3, 4, 1], classes: 8,
          .init(name: "functionals", coefficients: [1, 64, 16, 16, 16, 16], untransformed: [1])),
      ])
  }

  /// Five telephones and five times babble speakers at 10 dB: what costs most.
  private static let degradations: [Degradation] =
    .init(repeating: .telephone, count: 5) + [.mp3(32), .white(10), .babble(20)]
    + .init(repeating: .babble(10), count: 5) + [.room(500), .room(500), .gain(20)]

  /// 26 numbers of the spectrum and 38 of the harmonics', none of which tells the level.
  private static var shape: [FeatureConfiguration] {
    let ofBoth =
      [FeatureSource.centroid, .bandwidth]
      + [0.25, 0.5, 0.75, 0.9].map { .rolloff(.init(share: $0)) } + [.flatness]
    var low = ContrastConfiguration()
    low.low = 60
    let ofSpectrum: [FeatureSource] = [
      .zeroCrossingRate, .contrast(.init(octaves: 5)), .chroma(.init(tuning: 0)),
    ]
    // In quarter tones, which so fine a spectrum tells apart.
    let ofHarmonics: [FeatureSource] = [.contrast(low), .chroma(.init(classes: 24, tuning: 0))]
    return (ofBoth + ofSpectrum).map { .init($0) }
      + (ofBoth + ofHarmonics).map { .init($0, spectrum: .harmonics(decimation: 4)) }
  }
}
