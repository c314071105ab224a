import EmotionFeatures
import EmotionModel

extension Preset {
  /// The network that ships: convolutions over a log-mel spectrogram and a finer one of the voice's
  /// harmonics, a bidirectional LSTM, attention over time; and beside it small networks that see the
  /// statistics of the same planes, which err differently.
  public static var `default`: Preset {
    var training = TrainingOptions()
    training.epochs = 45
    training.classWeights = .balanced
    training.refit = true
    training.helpers = .leftOut
    training.augmentation.conditions = conditions
    return Preset(
      name: "default",
      summary:
        "two log-mel planes; four convolutions, BiLSTM, attention; and four small networks over statistics",
      features: twoPlanes, layers: convolutionalLSTM(classes: 8), training: training,
      companions: [statistics(classes: 8)])
  }

  /// Four networks over functionals, strongly regularised: 1200 recordings say little of 880 numbers.
  private static func statistics(classes: Int) -> Companion {
    var training = TrainingOptions()
    training.epochs = 40
    training.hearings = 10
    training.batchSize = 128
    // One normalisation over the whole batch: of 16 vectors it is noise.
    training.shardSize = 128
    training.schedule = .oneCycle(peak: 2e-3, warmup: 0.3)
    training.weightDecay = 0.05
    training.averagingDecay = 0
    training.classWeights = .balanced
    training.settling = 0.9
    training.members = 4
    training.copies = 1
    training.helpers = .aligned
    training.augmentation.timeStretch = 0.05
    training.augmentation.bandWarp = 0.09
    training.augmentation.mixupChance = 1
    training.augmentation.mixup = 0.3
    // Its logits are smaller than the other's, by mixup: of what counts they are about two thirds.
    return Companion(
      name: "statistics", share: 0.75,
      layers: [
        .functionals(.init(name: "functionals", coefficients: [32, 48])),
        .standardize(.init(name: "standardize")),
        .dropout(.init(name: "dropout1", rate: 0.4)),
        .dense(.init(name: "hidden", units: 64)), .batchNorm(.init(name: "norm")),
        .relu(.init(name: "rectify")), .dropout(.init(name: "dropout2", rate: 0.5)),
        .dense(.init(name: "classes", units: classes)), .softmax(.init(name: "softmax")),
      ], training: training)
  }

  /// The telephone costs most, so it is heard most often.
  private static let conditions: [Condition] = [
    .telephone, .telephone, .mp3(32), .white(20), .white(10), .babble(20), .babble(10),
    .room(500), .gain(20),
  ]

  /// The whole spectrum under 25 ms, and its low end under 64 ms (256 samples at 4 kHz), where single
  /// harmonics show: pitch and voice quality.
  private static var twoPlanes: FrontEndConfiguration {
    var spectrum = LogMelConfiguration(mel: .init(bands: 64, low: 20, high: 8000))
    var harmonics = LogMelConfiguration(mel: .init(bands: 64, low: 60, high: 1600))
    // Below that a recording's noise floor speaks, not the voice.
    spectrum.range = 70
    harmonics.range = 70
    var features = FrontEndConfiguration()
    features.hopLength = 256
    features.trim?.margin = 10
    features.planes = [
      .init(features: [.init(.logMel(spectrum))]),
      .init(features: [
        .init(
          .logMel(harmonics), spectrum: .init(fftSize: 512, windowLength: 256, decimation: 4))
      ]),
    ]
    return features
  }

  private static func convolutionalLSTM(classes: Int) -> [LayerSpec] {
    convolution(1, channels: 24, kernel: 5, stride: [2, 2])
      + convolution(2, channels: 32, kernel: 3, stride: [2, 2])
      + convolution(3, channels: 48, kernel: 3, stride: [2, 1])
      + convolution(4, channels: 64, kernel: 3, stride: [2, 1])
      + [
        .sequence(.init(name: "sequence")),
        .lstm(.init(name: "lstm", units: 64, bidirectional: true)),
        .attentionPooling(.init(name: "attention")),
        .dropout(.init(name: "dropout1", rate: 0.2)),
        .dense(.init(name: "dense1", units: 64)),
        .relu(.init(name: "relu1")),
        .dropout(.init(name: "dropout2", rate: 0.2)),
        .dense(.init(name: "classes", units: classes)),
        .softmax(.init(name: "softmax")),
      ]
  }

  /// Convolution, batch normalisation, rectifier, dropout.
  private static func convolution(
    _ number: Int, channels: Int, kernel: Int, stride: [Int]
  ) -> [LayerSpec] {
    [
      .conv2d(
        .init(
          name: "conv\(number)", channels: channels, kernel: [kernel, kernel], stride: stride,
          padding: [kernel / 2, kernel / 2], bias: false)),
      .batchNorm(.init(name: "norm\(number)")),
      .relu(.init(name: "rectify\(number)")),
      .dropout(.init(name: "drop\(number)", rate: 0.05, channelwise: true)),
    ]
  }
}
