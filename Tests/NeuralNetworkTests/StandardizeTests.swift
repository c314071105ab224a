import NeuralNetwork
import Testing

@Suite("Standardising a vector")
struct StandardizeTests {
  @Test("says nothing of what only rounding moves, and holds the rest within its limit")
  func constants() throws {
    let network = try Network(
      NetworkSpec(
        bands: 1, channels: 5,
        layers: [.sequence(.init(name: "flat")), .standardize(.init(name: "scale", limit: 4))]))
    let means: [Float] = [0, 0, 1, 1, 0]
    let weights = Weights(
      parameters: [], statistics: means + [1e-6, 0, 0.5, 1e-4, .nan])
    let batch = Batch(lengths: [1], bands: 1, channels: 5, values: [2e-6, 3, 2, 2, 1])
    #expect(network.forward(batch, weights).values == [0, 0, 2, 4, 0])
  }
}
