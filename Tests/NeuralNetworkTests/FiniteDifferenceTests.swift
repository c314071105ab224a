import LinearAlgebra
import NeuralNetwork
import TestSupport
import Testing

/// A network and clips for it, of different lengths.
private struct Trial {
  let network: Network
  let weights: Weights
  let input: Batch

  init(_ spec: NetworkSpec) throws {
    network = try Network(spec)
    weights = network.initialWeights(seed: 3)
    input = Batch(
      lengths: [6, 11, 6, 4], bands: spec.bands, channels: spec.channels,
      values: numbers(27 * spec.bands * spec.channels))
  }

  /// The inner product of the answer with fixed numbers, with its gradients.
  func loss(_ input: Batch, _ weights: Weights) -> (value: Double, gradient: [Float], dx: [Float]) {
    var pass = TrainingPass(random: RandomSource(seed: 1))
    var (answer, recorded) = network.layers.record(input, weights, &pass)
    let projection = numbers(answer.values.count, seed: 5)
    let value = zip(answer.values, projection).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    answer.values = projection
    var gradient = [Float](repeating: 0, count: network.layout.parameterCount)
    let dx = recorded.backward(answer, weights, &gradient).values
    return (value, gradient, dx)
  }

  /// The slope between two points close to each other, which `move` makes.
  func slope(_ move: (_ step: Float, inout Batch, inout Weights) -> Void) -> Float {
    // Small, so that no maximum and no rectifier of the examples has its kink in between.
    let step: Float = 0.001
    let values = [step, -step].map { step in
      var (input, weights) = (input, weights)
      move(step, &input, &weights)
      return loss(input, weights).value
    }
    return Float((values[0] - values[1]) / Double(2 * step))
  }
}

@Suite("A gradient")
struct FiniteDifferenceTests {
  /// What the layers' own examples do not show: their play together.
  static let whole = NetworkSpec(
    bands: 6, channels: 1,
    layers: [
      .conv2d(.init(name: "conv", channels: 3, kernel: [3, 3], padding: [1, 1])),
      .batchNorm(.init(name: "norm")), .sequence(.init(name: "flat")),
      .lstm(.init(name: "rnn", units: 4, bidirectional: true)),
      .attentionPooling(.init(name: "pool", deviation: true)),
      .dense(.init(name: "dense", units: 3)),
    ])

  private func checkWeights(_ trial: Trial) {
    let gradient = trial.loss(trial.input, trial.weights).gradient
    let scale = gradient.map(abs).max() ?? 0
    for slot in trial.network.layout.parameters {
      for place in stride(from: slot.range.lowerBound, to: slot.range.upperBound, by: 7) {
        let slope = trial.slope { $2.parameters[place] += $0 }
        #expect(abs(slope - gradient[place]) < 0.01 * scale, "\(slot.name)")
      }
    }
  }

  private func checkInput(_ trial: Trial) {
    let dx = trial.loss(trial.input, trial.weights).dx
    let scale = dx.map(abs).max() ?? 0
    #expect(scale > 0)
    for place in stride(from: 0, to: dx.count, by: 7) {
      let slope = trial.slope { step, input, _ in input.values[place] += step }
      #expect(abs(slope - dx[place]) < 0.01 * scale, "value \(place)")
    }
  }

  @Test("of any layer is the slope of the loss", arguments: LayerRegistry.typeNames)
  func layers(_ type: String) throws {
    let example = try #require(LayerExample.all[type], "no example of \(type)")
    let trial = try Trial(example.network)
    checkWeights(trial)
    // The network's own input is asked for no gradient.
    try #require(example.place > 0)
    checkInput(trial)
  }

  @Test("of a whole network is the slope of the loss")
  func network() throws { checkWeights(try Trial(Self.whole)) }
}
