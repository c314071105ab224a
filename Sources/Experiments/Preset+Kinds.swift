import Augmentation
import NeuralNetwork
import Training

/// The kinds of network that the presets of this project add up.
extension Preset {
  /// The planes that a network hears, of those that all are given.
  static func hearing(_ planes: [Int]) -> LayerSpec {
    .selectChannels(.init(name: "planes", channels: planes))
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

  /// Three networks over functionals, strongly regularised: 1200 recordings say little of so many numbers.
  /// - Parameter planes: What they hear; nil for all.
  static func functionals(
    _ name: String, share: Float, of planes: [Int]? = nil, classes: Int,
    _ functionals: Functionals.Spec, units: Int = 128,
    dropout: (before: Float, after: Float) = (0.4, 0.5)
  ) -> Companion {
    var training = TrainingOptions()
    training.epochs = 20
    training.passesPerEpoch = 10
    training.batchSize = 128
    // One normalisation over the whole batch: of 16 vectors it is noise.
    training.shardSize = 128
    training.schedule = .oneCycle(peak: 2e-3, warmup: 0.3)
    training.weightDecay = 0.05
    training.averagingDecay = 0
    training.classWeights = .balanced
    training.selectionStart = 0.9
    training.members = 3
    training.copies = 1
    training.intensity = 0.7
    training.augmentation.degradationChance = 0.5
    training.augmentation.timeStretch = 0.05
    // The rows of a plane that stays as it is lie along no axis.
    training.augmentation.bandWarp = functionals.untransformed == nil ? 0.09 : 0
    training.augmentation.mixupChance = 1
    training.augmentation.mixup = 0.3
    return Companion(
      name: name, share: share,
      layers: (planes.map { [hearing($0)] } ?? []) + [
        .functionals(functionals),
        .standardize(.init(name: "standardize")),
        .dropout(.init(name: "dropout1", rate: dropout.before)),
        .dense(.init(name: "hidden", units: units)), .batchNorm(.init(name: "norm")),
        .relu(.init(name: "rectify")), .dropout(.init(name: "dropout2", rate: dropout.after)),
        .dense(.init(name: "classes", units: classes)), .softmax(.init(name: "softmax")),
      ], training: training)
  }
}
