import EmotionFeatures
import EmotionModel

extension Preset {
  /// The network that ships: two-dimensional convolutions over a log-mel spectrogram, a
  /// bidirectional LSTM, attention over time.
  public static var `default`: Preset {
    var features = FrontEndConfiguration()
    features.hopLength = 256
    features.planes = [.init(features: [.init(.logMel(.init(mel: .init(bands: 64))))])]
    return Preset(
      name: "default",
      summary: "log-mel, four convolutions, BiLSTM 96, attention: the model that ships",
      features: features, layers: Self.convolutionalLSTM(classes: 8), training: TrainingOptions())
  }

  private static func convolutionalLSTM(classes: Int) -> [LayerSpec] {
    convolution(1, channels: 32, kernel: 5, stride: [2, 2])
      + convolution(2, channels: 48, kernel: 3, stride: [2, 2])
      + convolution(3, channels: 64, kernel: 3, stride: [2, 1])
      + convolution(4, channels: 96, kernel: 3, stride: [2, 1])
      + [
        .sequence(.init(name: "sequence")),
        .lstm(.init(name: "lstm", units: 96, bidirectional: true)),
        .attentionPooling(.init(name: "attention")),
        .dropout(.init(name: "dropout1", rate: 0.1)),
        .dense(.init(name: "dense1", units: 64)),
        .relu(.init(name: "relu")),
        .dropout(.init(name: "dropout2", rate: 0.1)),
        .dense(.init(name: "dense2", units: classes)),
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
