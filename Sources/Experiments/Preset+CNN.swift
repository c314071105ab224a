import Augmentation
import Corpora
import Evaluation
import Features
import NeuralNetwork
import Training

/// Convolutions in front of a recurrent network.
extension Preset {
  /// MFCC, chroma and mel spectrogram as the three colours of a picture of 40 × 100 points.
  static var pictureCNN: Preset {
    var features = FrontEndConfiguration.classic([], length: .fixed(frames: 100, padding: .before))
    features.planes = [
      .init(features: [.init(.mfcc(.init()))]),
      .init(features: [.init(.chroma(.init()))], resizedBands: 40),
      .init(features: [.init(.logMel(.init(mel: .init(bands: 40, low: 0, high: nil))))]),
    ]
    features.normalization = .utterance
    var training = TrainingOptions.classic(epochs: 60)
    training.augmentation.degradations = [.white(15), .white(25)]
    training.augmentation.pitches = [-2, -1, 1, 2]
    training.augmentation.timeStretch = 0.15
    return Preset(
      name: "cnn-lstm-rgb",
      summary:
        "MFCC, chroma and mel as a picture of 40 × 100; two convolutions, two LSTM; 6 emotions",
      labels: .six, features: features,
      layers: block(1, channels: 32, pool: [2, 2]) + block(2, channels: 64, pool: [4, 2]) + [
        .sequence(.init(name: "sequence")), .lstm(.init(name: "lstm", units: 64, layers: 2)),
        .lastStep(.init(name: "last")),
      ] + head(units: 32, rate: 0.3, classes: 6), training: training)
  }

  static var cnnLSTM: Preset {
    Preset(
      name: "cnn-lstm-mfcc",
      summary: "40 MFCC in 128 frames; two convolutions for space, LSTM for time",
      features: .classic([.mfcc(.init())], length: .resized(frames: 128)),
      layers: block(1, channels: 32, pool: [2, 2]) + block(2, channels: 64, pool: [2, 2]) + [
        .sequence(.init(name: "sequence")), .lstm(.init(name: "lstm", units: 64)),
        .lastStep(.init(name: "last")),
      ] + head(units: 64, rate: 0.3, classes: 8), training: .classic(epochs: 40))
  }

  /// Convolution, batch normalisation, rectifier, pooling, dropout.
  static func block(_ number: Int, channels: Int, pool: [Int]) -> [LayerSpec] {
    [
      .conv2d(
        .init(name: "conv\(number)", channels: channels, kernel: [3, 3], padding: [1, 1])),
      .batchNorm(.init(name: "norm\(number)")), .relu(.init(name: "rectify\(number)")),
      .maxPool(.init(name: "pool\(number)", window: pool)),
      .dropout(.init(name: "drop\(number)", rate: 0.2)),
    ]
  }
}
