import NeuralNetwork
import TestSupport
import Testing

extension LayerSpec {
  fileprivate static func convolution(_ name: String = "conv", bias: Bool = true) -> LayerSpec {
    .conv2d(.init(name: name, channels: 3, kernel: [3, 2], padding: [1, 1], bias: bias))
  }
  fileprivate static func norm(_ name: String = "norm") -> LayerSpec {
    .batchNorm(.init(name: name))
  }
  fileprivate static let rectifier = LayerSpec.relu(.init(name: "relu"))
  fileprivate static let drop = LayerSpec.dropout(.init(name: "drop", rate: 0.5))
  fileprivate static let pool = LayerSpec.maxPool(.init(name: "pool", window: [2, 2]))
}

extension Network {
  /// Weights that leave no layer without effect; variances are positive.
  fileprivate func anyWeights() -> Weights {
    Weights(
      parameters: numbers(layout.parameterCount),
      statistics: numbers(layout.statisticCount, seed: 2).map { abs($0) + 0.1 })
  }
}

@Suite("Folding")
struct FoldingTests {
  static let cases: [(layers: [LayerSpec], left: [String])] = [
    ([.convolution(), .norm(), .rectifier], ["conv"]),
    ([.convolution(bias: false), .norm(), .rectifier], ["conv"]),
    ([.convolution(), .norm()], ["conv"]),
    ([.convolution(bias: false), .norm()], ["conv"]),
    ([.convolution(), .rectifier], ["conv"]),
    ([.convolution(bias: false), .rectifier], ["conv", "relu"]),
    ([.convolution(), .norm(), .drop, .rectifier], ["conv"]),
    ([.convolution(), .drop, .norm(), .rectifier], ["conv"]),
    ([.convolution(), .rectifier, .norm()], ["conv", "norm"]),
    ([.convolution(), .pool, .rectifier], ["conv", "pool", "relu"]),
    ([.convolution(), .pool, .norm()], ["conv", "pool", "norm"]),
    ([.convolution(), .norm(), .norm("second"), .rectifier], ["conv"]),
    ([.norm(), .rectifier, .convolution()], ["norm", "relu", "conv"]),
    ([.convolution(), .norm(), .convolution("next"), .norm("after")], ["conv", "next"]),
    ([.norm("a"), .convolution("a.b"), .norm("a.b.c"), .drop], ["a", "a.b"]),
    ([.norm("a.b"), .norm("a")], ["a.b", "a"]),
    ([.drop], ["drop"]),
  ]

  @Test("leaves the layers it cannot take in, and the function as it was", arguments: cases)
  func keepsTheFunction(layers: [LayerSpec], left: [String]) throws {
    let network = try Network(NetworkSpec(bands: 6, channels: 2, layers: layers))
    let weights = network.anyWeights()
    let input = Batch(lengths: [5, 9], bands: 6, channels: 2, values: numbers(14 * 12, seed: 3))
    let (folded, foldedWeights) = network.folded(weights)
    let expected = network.forward(input, weights)
    let found = folded.forward(input, foldedWeights)
    #expect(folded.layers.map(\.name) == left)
    #expect(folded.layout == network.layout && folded.spec == network.spec)
    #expect(relativeDifference(found.values, expected.values) < 1e-5)
  }
}
