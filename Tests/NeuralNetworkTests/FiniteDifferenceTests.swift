import LinearAlgebra
import NeuralNetwork
import TestSupport
import Testing

/// A smooth network: differences are no derivatives where a maximum or a rectifier has its kink.
struct SmoothNetwork: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let spec: NetworkSpec

  init(_ name: String, bands: Int, channels: Int, _ layers: [LayerSpec]) {
    testDescription = name
    spec = NetworkSpec(bands: bands, channels: channels, layers: layers)
  }
}

@Suite("A gradient")
struct FiniteDifferenceTests {
  static let flat = LayerSpec.sequence(.init(name: "flat"))
  static let dense = LayerSpec.dense(.init(name: "dense", units: 3))
  static let networks = [
    SmoothNetwork(
      "convolutions", bands: 7, channels: 2,
      [
        .conv2d(.init(name: "a", channels: 3, kernel: [3, 2], padding: [1, 1])),
        .conv2d(.init(name: "b", channels: 2, kernel: [2, 3], stride: [2, 2], bias: false)),
        .averagePool(.init(name: "pool", window: [2, 1])),
      ]),
    SmoothNetwork(
      "normalisation", bands: 4, channels: 3,
      [.batchNorm(.init(name: "a")), .conv2d(.init(name: "b", channels: 3, kernel: [2, 2]))]),
    SmoothNetwork(
      "recurrent", bands: 3, channels: 2,
      [flat, .lstm(.init(name: "a", units: 4, layers: 2, bidirectional: true))]),
    SmoothNetwork(
      "attention", bands: 3, channels: 2,
      [flat, dense, .attentionPooling(.init(name: "a", deviation: true))]),
    SmoothNetwork(
      "statistics", bands: 3, channels: 2, [flat, dense, .statisticsPooling(.init(name: "a"))]),
    SmoothNetwork(
      "gated recurrent", bands: 3, channels: 2,
      [flat, .gru(.init(name: "a", units: 4, layers: 2, bidirectional: true))]),
    SmoothNetwork(
      "transformer", bands: 3, channels: 2,
      [
        flat, .dense(.init(name: "a", units: 4)),
        .residual(
          .init(
            name: "b",
            layers: [.layerNorm(.init(name: "c")), .selfAttention(.init(name: "d", heads: 2))])),
      ]),
    SmoothNetwork(
      "unrolled", bands: 3, channels: 2,
      [
        flat, .statisticsPooling(.init(name: "a", deviation: false)),
        .dense(.init(name: "b", units: 5)), .unroll(.init(name: "c")),
        .gru(.init(name: "d", units: 3)), .lastStep(.init(name: "e")),
      ]),
    SmoothNetwork(
      "whole", bands: 6, channels: 1,
      [
        .conv2d(.init(name: "conv", channels: 3, kernel: [3, 3], padding: [1, 1])),
        .batchNorm(.init(name: "norm")), flat,
        .lstm(.init(name: "rnn", units: 4, bidirectional: true)),
        .attentionPooling(.init(name: "pool", deviation: true)), dense,
      ]),
  ]

  /// The inner product of the logits with fixed numbers.
  private func loss(_ network: Network, _ input: Batch, _ weights: Weights) -> (Double, [Float]) {
    var pass = TrainingPass(random: RandomSource(seed: 1))
    var (logits, tapes) = network.record(input, weights, &pass)
    let projection = numbers(logits.values.count, seed: 5)
    let loss = zip(logits.values, projection).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    logits.values = projection
    var gradient = [Float](repeating: 0, count: network.layout.parameterCount)
    network.backward(logits, tapes, weights, &gradient)
    return (loss, gradient)
  }

  @Test("is the slope of the loss, for clips of different lengths", arguments: networks)
  func agreesWithDifferences(_ smooth: SmoothNetwork) throws {
    let network = try Network(smooth.spec)
    let weights = network.initialWeights(seed: 3)
    let lengths = [6, 11, 6, 4]
    let (bands, channels) = (smooth.spec.bands, smooth.spec.channels)
    let input = Batch(
      lengths: lengths, bands: bands, channels: channels, values: numbers(27 * bands * channels))
    let gradient = loss(network, input, weights).1
    let scale = gradient.map(abs).max() ?? 0
    for slot in network.layout.parameters {
      for place in stride(from: slot.range.lowerBound, to: slot.range.upperBound, by: 7) {
        let slope = [Float(0.01), -0.01].map { step in
          var moved = weights
          moved.parameters[place] += step
          return loss(network, input, moved).0 / 0.02 * (step < 0 ? -1 : 1)
        }.reduce(0, +)
        #expect(abs(Float(slope) - gradient[place]) < 0.01 * scale, "\(slot.name)")
      }
    }
  }
}
