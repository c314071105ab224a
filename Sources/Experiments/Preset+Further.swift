import Corpora
import Features
import NeuralNetwork
import Training

extension Preset {
  /// The tutorials' way: each clip's mean MFCC, read coefficient by coefficient as if it were a
  /// sequence.
  static var lstmTESSMean: Preset {
    var training = TrainingOptions.classic(epochs: 50, patience: 0)
    training.shardSize = 32
    return Preset(
      name: "lstm-tess-mean",
      summary: "40 MFCC, mean over time read as a sequence; LSTM 128, dense; TESS's 7 emotions",
      labels: .tess, features: .classic([.mfcc(.init())]),
      layers: [
        .sequence(.init(name: "sequence")),
        .statisticsPooling(.init(name: "mean", deviation: false)),
        // A clip's means lie within a fraction of the frames' deviation, too little for an LSTM that reads one at a time.
        .batchNorm(.init(name: "scale")), .unroll(.init(name: "coefficients")),
        .lstm(.init(name: "lstm", units: 128)),
        .lastStep(.init(name: "last")),
      ] + head(units: 64, rate: 0.2, classes: 7), training: training)
  }

  static var gru: Preset {
    Preset(
      name: "gru", summary: "40 MFCC; GRU 128, GRU 64, dense",
      features: .classic([.mfcc(.init())]),
      layers: [
        .sequence(.init(name: "sequence")), .gru(.init(name: "gru1", units: 128)),
        .dropout(.init(name: "drop1", rate: 0.3)), .gru(.init(name: "gru2", units: 64)),
        .lastStep(.init(name: "last")),
      ] + head(units: 64, rate: 0.3, classes: 8), training: .classic(epochs: 40))
  }

  /// ResLSTM-SA with 64 units (Krasnoproshin and Vashkevich 2026): an LSTM as wide as its input, added
  /// to it, a second one, attention. Attention here weighs tanh of the states, as everywhere in this
  /// program; weights start as PyTorch starts them.
  static var residualLSTM: Preset {
    var features = FrontEndConfiguration.classic([
      .mfcc(.init(coefficients: 34)), .chroma(.init()),
    ])
    features.sampleRate = 24_000
    features.hopLength = 1024
    var training = TrainingOptions.classic(epochs: 100, patience: 20)
    training.shardSize = 32
    // The upper end of what its authors search.
    training.schedule = .constant(rate: 2e-4)
    training.weightDecay = 1e-3
    return Preset(
      name: "reslstm-sa",
      summary: "34 MFCC and chroma; residual LSTM, LSTM 64, attention (ResLSTM-SA)",
      features: features,
      layers: [
        .sequence(.init(name: "sequence")),
        .residual(
          .init(name: "residual", layers: [.lstm(.init(name: "lstm1", units: 46))])),
        .batchNorm(.init(name: "norm1")), .lstm(.init(name: "lstm2", units: 64)),
        .attentionPooling(.init(name: "attention")), .batchNorm(.init(name: "norm2")),
        .dropout(.init(name: "dropout", rate: 0.3)), .dense(.init(name: "classes", units: 8)),
        .softmax(.init(name: "softmax")),
      ], training: training)
  }

  /// The convolutions of `cnn-lstm-mfcc`, whose padding lets a frame know its neighbours, and a block
  /// of a transformer instead of the LSTM.
  static var selfAttention: Preset {
    Preset(
      name: "cnn-self-attention",
      summary: "40 MFCC; two convolutions, a self-attention block, attention over time, dense",
      features: .classic([.mfcc(.init())]),
      layers: block(1, channels: 32, pool: [2, 2]) + block(2, channels: 64, pool: [2, 2]) + [
        .sequence(.init(name: "sequence")), .dense(.init(name: "embed", units: 64)),
        .residual(
          .init(
            name: "look",
            layers: [
              .layerNorm(.init(name: "norm3")), .selfAttention(.init(name: "heads", heads: 4)),
              .dropout(.init(name: "drop3", rate: 0.1)),
            ])),
        .residual(
          .init(
            name: "think",
            layers: [
              .layerNorm(.init(name: "norm4")), .dense(.init(name: "wide", units: 128)),
              .relu(.init(name: "rectify4")), .dense(.init(name: "narrow", units: 64)),
              .dropout(.init(name: "drop4", rate: 0.1)),
            ])),
        .attentionPooling(.init(name: "attention")),
      ] + head(units: 64, rate: 0.3, classes: 8), training: .classic(epochs: 40))
  }
}
