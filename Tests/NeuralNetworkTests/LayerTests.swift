import EmotionModel
import NeuralNetwork
import TestSupport
import Testing

@Suite("A layer, and a network of layers,")
struct LayerTests {
  @Test("answers a batch of clips of different lengths as PyTorch does", arguments: goldenFiles)
  func agreesWithPyTorch(_ name: String) throws {
    let reference = try ReferenceNetwork(name)
    let output = reference.network.forward(try reference.input, reference.weights)
    #expect(relativeDifference(output.values, try reference.values("output")) < 1e-5)
  }

  @Test("answers each clip the same, alone or in a batch", arguments: goldenFiles)
  func batchingChangesNothing(_ name: String) throws {
    let reference = try ReferenceNetwork(name)
    let batch = reference.network.forward(try reference.input, reference.weights)
    #expect(batch.lengths == reference.lengths.map(reference.network.outputFrames))
    for (clip, range) in batch.valueRanges.enumerated() {
      let alone = reference.network.forward(try reference.input(clip: clip), reference.weights)
      #expect(relativeDifference(batch.values[range], alone.values) < 1e-5)
    }
  }

  @Test("answers the same when it is folded", arguments: goldenFiles)
  func foldingChangesNothing(_ name: String) throws {
    let reference = try ReferenceNetwork(name)
    let (network, weights) = reference.network.folded(reference.weights)
    let output = network.forward(try reference.input, weights)
    #expect(relativeDifference(output.values, try reference.values("output")) < 1e-5)
  }

  @Test("gives its weights back as the file has them", arguments: goldenFiles)
  func weightsRoundTrip(_ name: String) throws {
    let reference = try ReferenceNetwork(name)
    for (name, tensor) in reference.weights.tensors(of: reference.network) {
      #expect(try reference.file.require(name) == tensor)
    }
  }
}
