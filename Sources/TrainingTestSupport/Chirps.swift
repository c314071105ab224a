package import Augmentation
import Corpora
package import Features
import LinearAlgebra
package import NeuralNetwork
package import Training

/// A task small enough for seconds: does a ridge rise or fall through eight noisy bands?
package enum Chirps {
  package static let frontEnd: FrontEnd = {
    var configuration = FrontEndConfiguration()
    configuration.channels = [.init(features: [.init(.logMel(.init(mel: .init(bands: 8))))])]
    guard let frontEnd = try? FrontEnd(configuration) else {
      preconditionFailure("a front end of eight bands")
    }
    return frontEnd
  }()

  package static func examples(_ count: Int, seed: UInt64, samplingRate: Float = 1)
    -> [TrainingExample]
  {
    var random = RandomSource(seed: seed)
    return (0..<count).map { index in
      let label = index % 2
      return TrainingExample(
        clip: Clip(
          path: "\(index).wav", corpus: "chirps", speaker: "\(index % 5)", label: "\(label)"),
        label: label, variants: [CompactMap(map(rising: label == 0, &random))],
        samplingRate: samplingRate)
    }
  }

  private static func map(rising: Bool, _ random: inout RandomSource) -> FeatureMap {
    let frames = 16 + random.index(below: 12)
    var map = FeatureMap(zeros: frames, bands: 8, channels: 1)
    for t in 0..<frames {
      let place = 7 * Float(t) / Float(frames - 1)
      for band in 0..<8 {
        let distance = abs(Float(band) - (rising ? place : 7 - place))
        map[t, band, 0] = max(0, 40 - 20 * distance) + 3 * random.normal()
      }
    }
    return map
  }

  /// What a training over these examples shares, with no other augmentation than `change` says, and with maps that are not normalised.
  package static func context(
    of examples: [TrainingExample], _ change: (inout AugmentationOptions) -> Void
  ) throws -> TrainingContext {
    var options = options(epochs: 1)
    options.augmentation = .none
    change(&options.augmentation)
    var configuration = frontEnd.configuration
    configuration.normalization = .none
    return Trainer(
      network: try network(), frontEnd: try FrontEnd(configuration), options: options, seed: 1,
      training: examples, validation: []
    ).context
  }

  /// A convolution, an LSTM, attention: what the real networks are made of.
  package static func network(dropout: Float = 0.1) throws -> Network {
    try Network(
      NetworkSpec(
        bands: 8, channels: 1,
        layers: [
          .conv2d(
            .init(name: "conv", channels: 4, kernel: [3, 3], stride: [2, 2], padding: [1, 1])),
          .batchNorm(.init(name: "norm")), .relu(.init(name: "rectify")),
          .dropout(.init(name: "drop", rate: dropout)), .sequence(.init(name: "sequence")),
          .lstm(.init(name: "lstm", units: 6)), .attentionPooling(.init(name: "attention")),
          .dense(.init(name: "classes", units: 2)), .softmax(.init(name: "softmax")),
        ]))
  }

  package static func options(epochs: Int) -> TrainingOptions {
    var options = TrainingOptions()
    options.epochs = epochs
    options.batchSize = 16
    options.shardSize = 4
    options.schedule = .oneCycle(peak: 0.02, warmup: 0.2)
    options.augmentation.timeMasks = 1
    options.augmentation.timeMaskWidth = 4
    options.augmentation.mixupChance = 0.3
    return options
  }

  /// - Parameter change: Of the first training example.
  package static func trainer(
    _ options: TrainingOptions, seed: UInt64 = 1, clips: Int = 48,
    checkpoint: CheckpointFile? = nil, changing change: (inout TrainingExample) -> Void = { _ in }
  ) throws -> Trainer {
    var training = examples(clips, seed: 1)
    change(&training[0])
    return Trainer(
      network: try network(), frontEnd: frontEnd, options: options, seed: seed,
      training: training, validation: examples(20, seed: 2), checkpoint: checkpoint)
  }
}

extension [EpochReport] {
  /// Without the times, which no two runs share.
  package var timeless: [EpochReport] {
    map { report in
      var report = report
      report.seconds = 0
      return report
    }
  }
}
