import Augmentation
import Corpora
import Evaluation
import Features
import NeuralNetwork
import Training

/// Recurrent networks over MFCC, as the usual tutorials and papers build them, with librosa's default
/// framing and Keras's default training.
extension Preset {
  static var lstmMFCC40: Preset {
    Preset(
      name: "lstm-mfcc40", summary: "40 MFCC, padded; LSTM 128, LSTM 64, dense",
      features: .classic([.mfcc(.init())], length: .fixed(frames: 128, padding: .before)),
      layers: stackedLSTM(classes: 8), training: .classic(epochs: 40))
  }

  static var lstmMulti: Preset {
    Preset(
      name: "lstm-multi",
      summary: "40 MFCC, chroma and spectral contrast, each normalised; LSTM 128, LSTM 64, dense",
      features: .classic(
        [.mfcc(.init()), .chroma(.init()), .contrast(.init())],
        length: .fixed(frames: 128, padding: .before)),
      layers: stackedLSTM(classes: 8), training: .classic(epochs: 40))
  }

  /// LSTM over the sequence of coefficients, for TESS's seven emotions.
  static var lstmTESS: Preset {
    Preset(
      name: "lstm-tess", summary: "40 MFCC as a sequence; LSTM 128, dense; TESS's 7 emotions",
      labels: .tess, features: .classic([.mfcc(.init())]),
      layers: [.sequence(.init(name: "sequence")), .lstm(.init(name: "lstm", units: 128))]
        + [.lastStep(.init(name: "last"))] + head(units: 64, rate: 0.2, classes: 7),
      training: .classic(epochs: 50, patience: 0))
  }

  static var bidirectionalLSTM: Preset {
    Preset(
      name: "bilstm", summary: "40 MFCC; two bidirectional LSTM 64, mean over time, dense",
      features: .classic([.mfcc(.init())]),
      layers: [
        .sequence(.init(name: "sequence")),
        .lstm(.init(name: "lstm", units: 64, layers: 2, bidirectional: true)),
        .statisticsPooling(.init(name: "mean", deviation: false)),
      ] + head(units: 64, rate: 0.3, classes: 8), training: .classic(epochs: 40))
  }

  /// Mirsamadi et al. 2017.
  static var attentionLSTM: Preset {
    Preset(
      name: "lstm-attention", summary: "40 MFCC; bidirectional LSTM 64, attention over time, dense",
      features: .classic([.mfcc(.init())]),
      layers: [
        .sequence(.init(name: "sequence")),
        .lstm(.init(name: "lstm", units: 64, bidirectional: true)),
        .attentionPooling(.init(name: "attention")),
      ] + head(units: 64, rate: 0.3, classes: 8), training: .classic(epochs: 40))
  }

  private static func stackedLSTM(classes: Int) -> [LayerSpec] {
    [
      .sequence(.init(name: "sequence")), .lstm(.init(name: "lstm1", units: 128)),
      .dropout(.init(name: "drop1", rate: 0.3)), .lstm(.init(name: "lstm2", units: 64)),
      .lastStep(.init(name: "last")),
    ] + head(units: 64, rate: 0.3, classes: classes)
  }

  /// Dropout, a hidden layer, and the classes.
  static func head(units: Int, rate: Float, classes: Int) -> [LayerSpec] {
    [
      .dropout(.init(name: "dropout", rate: rate)), .dense(.init(name: "hidden", units: units)),
      .relu(.init(name: "rectify")), .dense(.init(name: "classes", units: classes)),
      .softmax(.init(name: "softmax")),
    ]
  }
}

extension FrontEndConfiguration {
  /// Features one above the other in a single plane, under librosa's default frames: 22,050 Hz, 2048
  /// points, 512 from one to the next. Each band is normalised by the training part's mean and
  /// deviation.
  static func classic(
    _ sources: [FeatureSource], length: LengthRule = .any
  ) -> FrontEndConfiguration {
    var features = FrontEndConfiguration()
    features.sampleRate = 22_050
    features.spectrum = .init(fftSize: 2048, windowLength: 2048)
    features.hopLength = 512
    features.planes = [.init(features: sources.map { .init($0) })]
    features.normalization = .fixed(nil)
    features.length = length
    return features
  }
}

extension TrainingOptions {
  /// Adam at a constant rate, batches of 32, a fifth of the training part for validation, whose loss
  /// ends the training when it has not fallen for `patience` epochs; nothing varied, nothing averaged.
  static func classic(epochs: Int, patience: Int = 10) -> TrainingOptions {
    var options = TrainingOptions()
    options.epochs = epochs
    options.schedule = .constant(rate: 1e-3)
    options.weightDecay = 0
    options.labelSmoothing = 0
    options.averagingDecay = 0
    options.validation = 0.2
    options.patience = patience
    options.selectionStart = 0
    options.augmentation = .none
    return options
  }
}
