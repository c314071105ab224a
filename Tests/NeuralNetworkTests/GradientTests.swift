import EmotionModel
import LinearAlgebra
import NeuralNetwork
import SafeTensors
import TestSupport
import Testing

extension ReferenceNetwork {
  /// Logits in training mode, the gradients of their inner product with the projection, and the
  /// running statistics afterwards.
  fileprivate func step() throws -> (logits: Batch, changes: Weights, inputGradient: Batch) {
    var pass = TrainingPass(random: RandomSource(seed: 1))
    // Training leaves a closing softmax to the loss, unless there is nothing else.
    let layers =
      network.logitLayers.isEmpty ? network.layers[...] : network.layers[network.logitLayers]
    let (logits, recorded) = Array(layers).record(try input, weights, &pass)
    var upstream = logits
    upstream.values = try values("projection")
    var gradient = [Float](repeating: 0, count: network.layout.parameterCount)
    let dx = recorded.backward(upstream, weights, &gradient)
    var statistics = weights.statistics
    for moments in pass.moments { moments.update(&statistics) }
    return (logits, Weights(parameters: gradient, statistics: statistics), dx)
  }
}

@Suite("A backward pass")
struct GradientTests {
  @Test("has the forward pass PyTorch has in training", arguments: gradientFiles)
  func forward(_ name: String) throws {
    let reference = try ReferenceNetwork(gradient: name)
    let step = try reference.step()
    #expect(relativeDifference(step.logits.values, try reference.values("output")) < 1e-4)
  }

  @Test("gives every weight PyTorch's gradient", arguments: gradientFiles)
  func weightGradients(_ name: String) throws {
    let reference = try ReferenceNetwork(gradient: name)
    let gradients = try reference.step().changes.tensors(of: reference.network)
    let parameters = Set(reference.network.layout.parameters.map(\.name))
    for (name, found) in gradients where parameters.contains(name) {
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
    arguments: gradientFiles.filter { !["conv-first", "cnn-bilstm-attention"].contains($0) })
  func inputGradient(_ name: String) throws {
    let reference = try ReferenceNetwork(gradient: name)
    let dx = try reference.step().inputGradient
    #expect(dx.lengths == reference.lengths)
    #expect(relativeDifference(dx.values, try reference.values("input-gradient")) < 1e-4)
  }

  @Test("is spared the network's own input, and not the input of a convolution behind others")
  func ownInput() throws {
    let first = LayerSpec.conv2d(.init(name: "first", channels: 2, kernel: [3, 3]))
    let second = LayerSpec.conv2d(.init(name: "second", channels: 2, kernel: [3, 2]))
    for (layers, isSpared) in [
      ([first, second], true), ([.relu(.init(name: "r")), first], false),
    ] {
      let network = try Network(NetworkSpec(bands: 5, channels: 2, layers: layers))
      let weights = network.initialWeights(seed: 1)
      var pass = TrainingPass(random: RandomSource(seed: 1))
      let input = Batch(lengths: [6, 4], bands: 5, channels: 2, values: numbers(100))
      let (answer, tapes) = network.record(input, weights, &pass)
      var gradient = [Float](repeating: 0, count: network.layout.parameterCount)
      let dx = network.backward(answer, tapes, weights, &gradient)
      #expect(dx.values.allSatisfy { $0 == 0 } == isSpared)
      #expect(gradient.allSatisfy { $0 != 0 })
    }
  }

  @Test("lets running statistics follow as PyTorch does", arguments: gradientFiles)
  func runningStatistics(_ name: String) throws {
    let reference = try ReferenceNetwork(gradient: name)
    let statistics = try reference.step().changes.tensors(of: reference.network)
    for (name, found) in statistics where name.contains("running") {
      let expected = try reference.file.require("after." + name)
      #expect(relativeDifference(found.values, expected.values) < 1e-5, "\(name)")
    }
  }
}
