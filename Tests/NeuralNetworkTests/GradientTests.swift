import EmotionModel
import LinearAlgebra
import NeuralNetwork
import SafeTensors
import TestSupport
import Testing

/// Layers and networks that `make_gradient_golden.py` had PyTorch differentiate, in training mode.
private let references = [
  "conv-first", "conv-stride-2", "conv-uneven", "conv-stride-beyond-kernel", "conv-several-blocks",
  "batch-norm", "norm-of-sequence", "norm-of-statistics", "select-channels", "parallel", "relu",
  "max-pool", "average-pool", "dense", "lstm", "lstm-bidirectional",
  "lstm-stacked-bidirectional", "last-step", "attention", "attention-deviation", "mean",
  "gru", "gru-bidirectional", "gru-stacked", "layer-norm", "layer-norm-of-sequence",
  "self-attention", "self-attention-of-sequence", "self-attention-several-blocks", "residual",
  "residual-lstm", "transformer", "unroll",
  "statistics", "cnn-bilstm-attention", "mfcc-lstm",
]

extension ReferenceNetwork {
  /// Logits in training mode, the gradients of their inner product with the projection, and the
  /// running statistics afterwards.
  fileprivate func step() throws -> (logits: Batch, changes: Weights, inputGradient: Batch) {
    var pass = TrainingPass(random: RandomSource(seed: 1))
    let (logits, tapes) = network.record(try input, weights, &pass)
    var upstream = logits
    upstream.values = try values("projection")
    var gradient = [Float](repeating: 0, count: network.layout.parameterCount)
    let dx = network.backward(upstream, tapes, weights, &gradient)
    var statistics = weights.statistics
    for moments in pass.moments { moments.update(&statistics) }
    return (logits, Weights(parameters: gradient, statistics: statistics), dx)
  }
}

@Suite("A backward pass")
struct GradientTests {
  @Test("has the forward pass PyTorch has in training", arguments: references)
  func forward(_ name: String) throws {
    let reference = try ReferenceNetwork(name)
    let step = try reference.step()
    #expect(relativeDifference(step.logits.values, try reference.values("output")) < 1e-4)
  }

  @Test("gives every weight PyTorch's gradient", arguments: references)
  func weightGradients(_ name: String) throws {
    let reference = try ReferenceNetwork(name)
    let gradients = try reference.step().changes.tensors(of: reference.network)
    for (name, found) in gradients where !name.contains("running") {
      let expected = try reference.file.require("gradient." + name)
      #expect(found.shape == expected.shape)
      // A bias that the next normalisation takes out has no gradient but rounding.
      let isRounding = expected.values.allSatisfy { abs($0) < 1e-5 }
      let difference = (isRounding ? largestDifference : relativeDifference)(
        found.values, expected.values)
      #expect(difference < 1e-4, "\(name)")
    }
  }

  @Test(
    "hands PyTorch's gradient on to the input",
    arguments: references.filter { !["conv-first", "cnn-bilstm-attention"].contains($0) })
  func inputGradient(_ name: String) throws {
    let reference = try ReferenceNetwork(name)
    let dx = try reference.step().inputGradient
    #expect(dx.lengths == reference.lengths)
    #expect(relativeDifference(dx.values, try reference.values("input-gradient")) < 1e-4)
  }

  @Test("is spared the network's own input, in every branch and behind chosen channels")
  func ownInput() throws {
    func branch(_ name: String, _ channel: Int) -> [LayerSpec] {
      [
        .selectChannels(.init(name: "select" + name, channels: [channel])),
        .conv2d(.init(name: "conv" + name, channels: 2, kernel: [3, 3])),
        .sequence(.init(name: "flat" + name)), .lastStep(.init(name: "last" + name)),
        .dense(.init(name: "dense" + name, units: 2)),
      ]
    }
    let network = try Network(
      NetworkSpec(
        bands: 5, channels: 2,
        layers: [.parallel(.init(name: "both", branches: [branch("A", 0), branch("B", 1)]))]))
    let weights = network.initialWeights(seed: 1)
    var pass = TrainingPass(random: RandomSource(seed: 1))
    let input = Batch(lengths: [6, 4], bands: 5, channels: 2, values: numbers(100))
    let (answer, tapes) = network.record(input, weights, &pass)
    var gradient = [Float](repeating: 0, count: network.layout.parameterCount)
    let dx = network.backward(answer, tapes, weights, &gradient)
    #expect(dx.values == [Float](repeating: 0, count: 100))
    #expect(gradient.allSatisfy { $0 != 0 })
  }

  @Test("lets running statistics follow as PyTorch does", arguments: references)
  func runningStatistics(_ name: String) throws {
    let reference = try ReferenceNetwork(name)
    let statistics = try reference.step().changes.tensors(of: reference.network)
    for (name, found) in statistics where name.contains("running") {
      let expected = try reference.file.require("after." + name)
      #expect(relativeDifference(found.values, expected.values) < 1e-5, "\(name)")
    }
  }
}
