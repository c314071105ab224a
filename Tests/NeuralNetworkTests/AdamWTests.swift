import LinearAlgebra
import NeuralNetwork
import SafeTensors
import TestSupport
import Testing

@Suite("AdamW")
struct AdamWTests {
  @Test("moves weights as PyTorch does, with and without decay, at a falling rate")
  func agreesWithPyTorch() throws {
    let file = try TensorFile(bytes: Array(fixture("adamw.safetensors")))
    var weights = try file.require("weights.0").values
    var optimiser = AdamW(count: weights.count)
    for step in 1...6 {
      let gradient = try file.require("gradient.\(step)").values
      optimiser.beginStep()
      for (range, decay) in [(0..<19, Float(0.1)), (19..<33, 0)] {
        optimiser.update(
          &weights, gradient: gradient, range: range, learningRate: 0.05 / Float(step),
          weightDecay: decay)
      }
      let expected = try file.require("weights.\(step)").values
      #expect(relativeDifference(weights, expected) < 1e-6, "step \(step)")
    }
  }

  @Test("scales the gradient by the clipping factor")
  func clips() {
    var (clipped, scaled) = (numbers(9), numbers(9))
    let gradient = numbers(9, seed: 2)
    var (first, second) = (AdamW(count: 9), AdamW(count: 9))
    for _ in 0..<3 {
      first.beginStep()
      first.update(
        &clipped, gradient: gradient, range: 0..<9, learningRate: 0.1, weightDecay: 0, clip: 0.25)
      second.beginStep()
      second.update(
        &scaled, gradient: gradient.map { $0 / 4 }, range: 0..<9, learningRate: 0.1,
        weightDecay: 0)
    }
    #expect(clipped == scaled)
  }

  /// Whether the first and the last of a few signs differ: no linear function, and far apart.
  @Test("teaches a recurrent network whether two distant signs differ")
  func converges() throws {
    let lengths = (0..<48).map { 2 + $0 % 5 }
    let signs = numbers(lengths.reduce(0, +)).map { $0 < 0 ? Float(-1) : 1 }
    let batch = Batch(lengths: lengths, bands: 1, channels: 1, values: signs)
    let labels = batch.frameRanges.map { signs[$0.lowerBound] == signs[$0.upperBound - 1] ? 0 : 1 }
    let network = try Network(
      NetworkSpec(
        bands: 1, channels: 1,
        layers: [
          .lstm(.init(name: "rnn", units: 12)), .lastStep(.init(name: "last")),
          .dense(.init(name: "out", units: 2)), .softmax(.init(name: "softmax")),
        ]))
    var weights = network.initialWeights(seed: 1)
    var optimiser = AdamW(count: network.layout.parameterCount)
    for _ in 0..<300 {
      var pass = TrainingPass(random: RandomSource(seed: 1))
      var (dy, tapes) = network.record(batch, weights, &pass)
      for (clip, label) in labels.enumerated() {
        dy.values.updatePart(2 * clip..<2 * clip + 2) { softmax(&$0) }
        dy.values[2 * clip + label] -= 1
      }
      var gradient = [Float](repeating: 0, count: network.layout.parameterCount)
      network.backward(dy, tapes, weights, &gradient)
      optimiser.beginStep()
      optimiser.update(
        &weights.parameters, gradient: gradient, range: gradient.indices, learningRate: 0.02,
        weightDecay: 1e-4)
    }
    let answers = network.forward(batch, weights).values
    #expect(labels.indices.allSatisfy { answers[2 * $0 + labels[$0]] > 0.9 })
  }
}
