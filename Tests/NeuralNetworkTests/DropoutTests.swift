import LinearAlgebra
import NeuralNetwork
import TestSupport
import Testing

@Suite("Dropout")
struct DropoutTests {
  let ones = Batch(
    lengths: [500, 300], bands: 5, channels: 8, values: .init(repeating: 1, count: 32_000))

  private func run(rate: Float, channelwise: Bool) throws -> (forward: Batch, backward: Batch) {
    let layer = LayerSpec.dropout(.init(name: "drop", rate: rate, channelwise: channelwise))
    let network = try Network(NetworkSpec(bands: 5, channels: 8, layers: [layer]))
    let weights = network.initialWeights(seed: 1)
    #expect(network.forward(ones, weights) == ones, "a frozen layer passes its input on")
    var pass = TrainingPass(random: RandomSource(seed: 2))
    let (y, tapes) = network.record(ones, weights, &pass)
    var gradient: [Float] = []
    return (y, network.backward(ones, tapes, weights, &gradient))
  }

  @Test("keeps the mean and drops as many values as it says", arguments: [Float(0.1), 0.5, 0.9])
  func mean(_ rate: Float) throws {
    let y = try run(rate: rate, channelwise: false).forward.values
    #expect(abs(y.reduce(0, +) / Float(y.count) - 1) < 0.1)
    #expect(abs(Float(y.count { $0 == 0 }) / Float(y.count) - rate) < 0.02)
    #expect(y.allSatisfy { $0 == 0 || $0 == 1 / (1 - rate) })
  }

  @Test("drops the gradient where it dropped the value", arguments: [false, true])
  func mask(_ channelwise: Bool) throws {
    let run = try run(rate: 0.4, channelwise: channelwise)
    #expect(run.forward == run.backward)
  }

  @Test("drops a clip's whole channels if asked")
  func channels() throws {
    let y = try run(rate: 0.5, channelwise: true).forward
    for range in y.valueRanges {
      let first = Array(y.values[range.prefix(8)])
      #expect(Set(first) == [0, 2])
      #expect(range.allSatisfy { y.values[$0] == first[($0 - range.lowerBound) % 8] })
    }
  }

  @Test("does nothing at rate zero")
  func zero() throws {
    let run = try run(rate: 0, channelwise: false)
    #expect(run.forward == ones)
    #expect(run.backward == ones)
  }
}
