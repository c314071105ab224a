package import NeuralNetwork

/// What one kind of layer is tested with. A layer that is registered has one in `LayerExample.all`.
package struct LayerExample: Sendable {
  /// A network in which something with weights stands before the layer, so that the gradient that it
  /// hands on is seen.
  package let network: NetworkSpec
  /// Where in the network the layer stands.
  package let place: Int
  /// Golden files with such a layer, of `make_layer_golden.py`.
  package let golden: [String]
  /// Golden files with the gradient of one, of `make_gradient_golden.py`.
  package let gradients: [String]
  /// JSON that each of the layer's options must refuse. A switch has none beyond values that are no
  /// switch.
  package let refused: [String: [String]]

  package init(
    _ layer: LayerSpec, bands: Int, channels: Int, after: [LayerSpec], then: [LayerSpec] = [],
    golden: [String], gradients: [String], refused: [String: [String]] = [:]
  ) {
    network = NetworkSpec(bands: bands, channels: channels, layers: after + [layer] + then)
    place = after.count
    (self.golden, self.gradients, self.refused) = (golden, gradients, refused)
  }

  package var layer: LayerSpec { network.layers[place] }
}

/// Numbers that no size may be.
private let absurd = [
  "0", "-1", "1000000000000", "9223372036854775807", "-9223372036854775808",
]
/// Pairs of sizes with something wrong.
private let absurdPairs =
  absurd.flatMap { ["[\($0), 1]", "[1, \($0)]"] } + ["[]", "[1]", "[1, 1, 1]"]

private let norm = LayerSpec.batchNorm(.init(name: "first"))
private let flat = LayerSpec.sequence(.init(name: "flat"))
private func dense(_ units: Int) -> LayerSpec { .dense(.init(name: "dense", units: units)) }

extension LayerExample {
  /// By the layers' `type` in JSON.
  package static let all: [String: LayerExample] = [
    "conv2d": LayerExample(
      .conv2d(
        .init(
          name: "layer", channels: 3, kernel: [3, 2], stride: [2, 1], padding: [1, 1], bias: false)),
      bands: 7, channels: 2, after: [norm],
      golden: [
        "conv-3x3-padded", "conv-5x3-stride-2", "conv-1x1", "conv-3x2-uneven",
        "conv-4x7-stride-3x2", "conv-2x3-stride-beyond-kernel", "conv-9x9-several-blocks",
      ],
      gradients: [
        "conv-first", "conv-stride-2", "conv-uneven", "conv-stride-beyond-kernel",
        "conv-several-blocks",
      ],
      refused: [
        "channels": absurd, "kernel": absurdPairs + ["[17, 2]"], "stride": absurdPairs,
        "padding": absurdPairs.filter { !$0.contains("0]") && !$0.contains("[0") } + ["[3, 0]"],
        "bias": [],
      ]),
    "batchNorm": LayerExample(
      .batchNorm(.init(name: "layer", epsilon: 1e-3, momentum: 0.3)), bands: 4, channels: 3,
      after: [norm], then: [flat, dense(3)],
      golden: ["batch-norm", "norm-of-sequence", "norm-of-statistics"],
      gradients: ["batch-norm", "norm-of-sequence", "norm-of-statistics"],
      refused: ["epsilon": ["0", "-1", "1", "1e9"], "momentum": ["-0.1", "2", "1e30"]]),
    "relu": LayerExample(
      .relu(.init(name: "layer")), bands: 4, channels: 3, after: [norm], golden: ["relu"],
      gradients: ["relu"]),
    "maxPool": LayerExample(
      .maxPool(.init(name: "layer", window: [3, 2], stride: [2, 1])), bands: 5, channels: 2,
      after: [norm], golden: ["max-pool-2x2", "max-pool-3x2-stride-2x1"], gradients: ["max-pool"],
      refused: ["window": absurdPairs + ["[9, 1]", "[1, 16]"], "stride": absurdPairs]),
    "averagePool": LayerExample(
      .averagePool(.init(name: "layer", window: [2, 3], stride: [1, 2])), bands: 5, channels: 3,
      after: [norm], golden: ["average-pool-2x3-stride-1x2", "average-pool-2x2-stride-3x3"],
      gradients: ["average-pool"],
      refused: ["window": absurdPairs + ["[6, 1]", "[1, 16]"], "stride": absurdPairs]),
    "dropout": LayerExample(
      .dropout(.init(name: "layer", rate: 0.4)), bands: 4, channels: 2, after: [norm],
      golden: ["dropout"], gradients: ["dropout"],
      refused: ["rate": ["1", "-0.1", "1e30"], "channelwise": []]),
    "sequence": LayerExample(
      .sequence(.init(name: "layer")), bands: 3, channels: 4, after: [norm], then: [dense(3)],
      golden: ["dense-on-sequence"], gradients: ["dense"]),
    "lstm": LayerExample(
      .lstm(.init(name: "layer", units: 4, layers: 2, bidirectional: true)), bands: 3, channels: 2,
      after: [norm, flat],
      golden: [
        "lstm", "lstm-on-sequence", "lstm-bidirectional", "lstm-stacked",
        "lstm-stacked-bidirectional",
      ],
      gradients: ["lstm", "lstm-bidirectional", "lstm-stacked-bidirectional"],
      refused: ["units": absurd, "layers": absurd, "bidirectional": []]),
    "gru": LayerExample(
      .gru(.init(name: "layer", units: 4, layers: 2, bidirectional: true)), bands: 3, channels: 2,
      after: [norm, flat], golden: ["gru", "gru-bidirectional", "gru-stacked"],
      gradients: ["gru", "gru-bidirectional", "gru-stacked"],
      refused: ["units": absurd, "layers": absurd, "bidirectional": []]),
    "selfAttention": LayerExample(
      .selfAttention(.init(name: "layer", heads: 2)), bands: 3, channels: 2,
      after: [norm, flat, dense(6)],
      golden: [
        "self-attention", "self-attention-of-sequence", "self-attention-several-blocks",
      ],
      gradients: [
        "self-attention", "self-attention-of-sequence", "self-attention-several-blocks",
      ],
      refused: ["heads": absurd + ["4", "65"]]),
    "layerNorm": LayerExample(
      .layerNorm(.init(name: "layer", epsilon: 1e-3)), bands: 3, channels: 2,
      after: [norm, flat, dense(5)], golden: ["layer-norm", "layer-norm-of-sequence"],
      gradients: ["layer-norm", "layer-norm-of-sequence"],
      refused: ["epsilon": ["0", "-1", "1", "1e9"]]),
    "attentionPooling": LayerExample(
      .attentionPooling(.init(name: "layer", deviation: true)), bands: 3, channels: 2,
      after: [norm, flat, dense(3)],
      golden: ["attention", "attention-deviation", "attention-deviation-of-sequence"],
      gradients: ["attention", "attention-deviation"], refused: ["deviation": []]),
    "statisticsPooling": LayerExample(
      .statisticsPooling(.init(name: "layer")), bands: 3, channels: 2,
      after: [norm, flat, dense(3)], golden: ["statistics", "mean", "statistics-of-sequence"],
      gradients: ["mean", "statistics"], refused: ["deviation": []]),
    "lastStep": LayerExample(
      .lastStep(.init(name: "layer")), bands: 3, channels: 2, after: [norm, flat],
      golden: ["last-step", "last-step-of-sequence"], gradients: ["last-step"]),
    "dense": LayerExample(
      .dense(.init(name: "layer", units: 3)), bands: 3, channels: 4, after: [norm, flat],
      golden: ["dense-on-sequence", "dense-on-features"], gradients: ["dense"],
      refused: ["units": absurd]),
    "softmax": LayerExample(
      .softmax(.init(name: "layer")), bands: 3, channels: 2, after: [norm, flat, dense(4)],
      golden: ["softmax"], gradients: ["softmax"]),
    "standardize": LayerExample(
      .standardize(.init(name: "layer", limit: 1.5)), bands: 3, channels: 2,
      after: [norm, flat, dense(5)], golden: ["standardize"], gradients: ["standardize"],
      refused: ["limit": ["0", "-1"]]),
    "unroll": LayerExample(
      .unroll(.init(name: "layer")), bands: 3, channels: 2,
      after: [norm, flat, .statisticsPooling(.init(name: "mean", deviation: false)), dense(5)],
      then: [.gru(.init(name: "rnn", units: 3)), .lastStep(.init(name: "last"))],
      golden: ["unroll"], gradients: ["unroll"]),
    "residual": LayerExample(
      .residual(
        .init(
          name: "layer",
          layers: [
            .layerNorm(.init(name: "norm")), .selfAttention(.init(name: "attention", heads: 2)),
          ])), bands: 3, channels: 2, after: [norm, flat, dense(4)],
      golden: ["residual", "residual-lstm"], gradients: ["residual", "residual-lstm"],
      refused: [
        "layers": [
          "[]", #"[{"type": "relu", "name": "r"}]"#,
          #"[{"type": "dense", "name": "d", "units": 3}]"#,
          #"[{"type": "layerNorm", "name": "n"}, {"type": "lastStep", "name": "l"}]"#,
        ]
      ]),
  ]

  /// Golden files of whole networks.
  package static let networks = ["transformer", "cnn-bilstm-attention", "mfcc-lstm"]
}
