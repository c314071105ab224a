import Augmentation
import Corpora
import Evaluation
import Features
import NeuralNetwork
import Training

extension Preset {
  /// For EmoDB's seven emotions, with six or seven speakers to learn from: what each network takes for an emotion is half the
  /// voice of those few, so that four kinds which hear different things, a quarter each, are worth far more than the best of them.
  static var emoDB: Preset {
    var training = knownVoices.training
    training.members = 2
    training.auxiliary = .excluded
    return Preset(
      name: "emodb",
      summary:
        "EmoDB's seven emotions; two CNN+LSTM, and three networks each over levels, timbre and spectral shape",
      labels: LabelSet(
        [Emotion.neutral, .happy, .sad, .angry, .fearful, .disgust].map(\.rawValue) + ["boredom"]),
      features: sevenPlanes,
      layers: [hearing([0, 1])] + convolutionalLSTM(classes: 7, framesPerStep: 8),
      training: training,
      companions: [
        kind(
          "level", of: [0, 1, 2], .init(name: "functionals", coefficients: [32, 48, 48])),
        kind(
          "timbre", of: [3, 4, 5], .init(name: "functionals", coefficients: [32, 48, 48])),
        // Of the spectrum no more than the level, which tells loud frames, and of the harmonics what tells voiced ones.
        kind(
          "shape", of: [0, 6, 1],
          .init(name: "functionals", coefficients: [1, 64, 16], untransformed: [1])),
      ])
  }

  /// The spectrum, harmonics under 64 ms and low ones under 128 ms, with their levels; the same less each recording's
  /// own; and numbers that tell a spectrum's shape.
  private static var sevenPlanes: FrontEndConfiguration {
    let spectra = [
      spectrum(20...8000, range: 70), harmonics(60...1600, range: 70),
      harmonics(60...800, range: 70, decimation: 8),
    ]
    var features = FrontEndConfiguration()
    features.hopLength = 256
    features.trim = nil
    features.normalization = .fixed(nil)
    features.planes =
      spectra.map { .init(features: [$0]) }
      + spectra.map { .init(features: [$0], normalization: .utterance) }
      + [.init(features: shape)]
    return features
  }

  /// 64 bands, as the spectra have.
  private static var shape: [FeatureConfiguration] {
    let rolloffs = [0.25, 0.5, 0.75, 0.9].map { FeatureSource.rolloff(.init(share: $0)) }
    let sources =
      [.centroid, .bandwidth] + rolloffs + [
        .flatness, .rms, .zeroCrossingRate, .contrast(.init(octaves: 5)),
        .chroma(.init(tuning: 0)), .mel(.init(bands: 37)),
      ]
    return sources.map { .init($0) }
  }

  /// A quarter of the logits; nothing but clean recordings teaches.
  private static func kind(
    _ name: String, of planes: [Int], _ functionals: Functionals.Spec
  ) -> Companion {
    var companion = Preset.functionals(name, share: 0.25, of: planes, classes: 7, functionals)
    companion.training.auxiliary = .excluded
    companion.training.intensity = 0
    companion.training.augmentation.degradationChance = 0
    return companion
  }
}
