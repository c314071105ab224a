import EmotionFeatures
import EmotionModel

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
    training.refitShare = 0.35
    training.helpers = .leftOut
    training.augmentation.conditions = conditions
    training.augmentation.conditionChance = 0.42
    var languages = training
    languages.epochs = 110
    languages.helpers = .heard
    languages.augmentation.conditions = []
    return Preset(
      name: "default",
      summary:
        "two CNN+LSTM, over four and two log-mel planes, and three small networks over statistics",
      features: fourPlanes, layers: convolutionalLSTM(classes: 8), training: training,
      companions: [
        Companion(
          name: "languages", share: 0.2,
          layers: [.selectChannels(.init(name: "planes", channels: [0, 1]))]
            + convolutionalLSTM(classes: 8),
          training: languages),
        statistics(classes: 8, coefficients: [32, 48, 24, 32]),
      ])
  }

  /// Three networks over functionals, strongly regularised: 1200 recordings say little of so many numbers.
  static func statistics(
    classes: Int, coefficients: [Int], units: Int = 128,
    dropout: (before: Float, after: Float) = (0.4, 0.5)
  ) -> Companion {
    var training = TrainingOptions()
    training.epochs = 20
    training.hearings = 10
    training.batchSize = 128
    // One normalisation over the whole batch: of 16 vectors it is noise.
    training.shardSize = 128
    training.schedule = .oneCycle(peak: 2e-3, warmup: 0.3)
    training.weightDecay = 0.05
    training.averagingDecay = 0
    training.classWeights = .balanced
    training.settling = 0.9
    training.members = 3
    training.copies = 1
    training.intensity = 0.7
    training.augmentation.conditionChance = 0.5
    training.augmentation.timeStretch = 0.05
    training.augmentation.bandWarp = 0.09
    training.augmentation.mixupChance = 1
    training.augmentation.mixup = 0.3
    return Companion(
      name: "statistics", share: 0.5,
      layers: [
        .functionals(.init(name: "functionals", coefficients: coefficients)),
        .standardize(.init(name: "standardize")),
        .dropout(.init(name: "dropout1", rate: dropout.before)),
        .dense(.init(name: "hidden", units: units)), .batchNorm(.init(name: "norm")),
        .relu(.init(name: "rectify")), .dropout(.init(name: "dropout2", rate: dropout.after)),
        .dense(.init(name: "classes", units: classes)), .softmax(.init(name: "softmax")),
      ], training: training)
  }

  /// Those that cost most are heard most often, talkers above all.
  private static let conditions: [Condition] = [
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

  static func spectrum(_ band: ClosedRange<Double>, range: Double) -> FeatureConfiguration {
    .init(.logMel(logMel(band, range: range)))
  }

  /// - Parameter decimation: What the sample rate is divided by; 256 of the samples left are under the window.
  static func harmonics(
    _ band: ClosedRange<Double>, range: Double, decimation: Int = 4
  ) -> FeatureConfiguration {
    .init(
      .logMel(logMel(band, range: range)),
      spectrum: .init(fftSize: 512, windowLength: 256, decimation: decimation))
  }

  private static func logMel(_ band: ClosedRange<Double>, range: Double) -> LogMelConfiguration {
    var logMel = LogMelConfiguration(
      mel: .init(bands: 64, low: band.lowerBound, high: band.upperBound))
    logMel.range = range
    return logMel
  }

  /// The LSTM steps every four frames, or every eight: a third cheaper.
  static func convolutionalLSTM(classes: Int, framesPerStep: Int = 4) -> [LayerSpec] {
    convolution(1, channels: 16, kernel: 5, stride: [2, 2])
      + convolution(2, channels: 24, kernel: 3, stride: [2, 2])
      + convolution(3, channels: 36, kernel: 3, stride: [2, framesPerStep / 4])
      + convolution(4, channels: 48, kernel: 3, stride: [2, 1])
      + [
        .sequence(.init(name: "sequence")),
        .lstm(.init(name: "lstm", units: 48, bidirectional: true)),
        .attentionPooling(.init(name: "attention", deviation: true)),
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
