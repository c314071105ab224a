import EmotionFeatures
import EmotionModel

extension Preset {
  /// The network that ships: convolutions over a log-mel spectrogram and a finer one of the voice's
  /// harmonics, a bidirectional LSTM, attention over time; four of them, averaged.
  public static var `default`: Preset {
    var training = TrainingOptions()
    training.epochs = 45
    training.classWeights = .balanced
    training.members = 4
    return Preset(
      name: "default",
      summary:
        "two log-mel planes, four convolutions, BiLSTM, attention, four averaged: what ships",
      features: twoPlanes, layers: convolutionalLSTM(classes: 8), training: training)
  }

  /// The whole spectrum under 25 ms, and its low end under 64 ms, where single harmonics show: pitch
  /// and voice quality.
  private static var twoPlanes: FrontEndConfiguration {
    var spectrum = LogMelConfiguration(mel: .init(bands: 64, low: 20, high: 8000))
    var harmonics = LogMelConfiguration(mel: .init(bands: 64, low: 60, high: 1600))
    // Below that a recording's noise floor speaks, not the voice.
    spectrum.range = 70
    harmonics.range = 70
    var features = FrontEndConfiguration()
    features.hopLength = 256
    features.planes = [
      .init(features: [.init(.logMel(spectrum))]),
      .init(features: [
        .init(.logMel(harmonics), spectrum: .init(fftSize: 2048, windowLength: 1024))
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
