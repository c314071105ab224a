import EmotionModel
import NeuralNetwork
import TestSupport
import Testing

/// Layers and networks that `make_layer_golden.py` had PyTorch run.
private let references = [
  "conv-3x3-padded", "conv-5x3-stride-2", "conv-1x1", "conv-3x2-uneven", "conv-4x7-stride-3x2",
  "conv-2x3-stride-beyond-kernel", "conv-9x9-several-blocks", "batch-norm", "relu",
  "max-pool-2x2", "max-pool-3x2-stride-2x1", "average-pool-2x3-stride-1x2",
  "average-pool-2x2-stride-3x3", "dense-on-sequence", "dense-on-features", "lstm",
  "lstm-on-sequence", "lstm-bidirectional", "lstm-stacked", "lstm-stacked-bidirectional",
  "last-step", "last-step-of-sequence", "attention", "attention-deviation",
  "attention-deviation-of-sequence", "statistics", "mean", "statistics-of-sequence",
  "norm-of-sequence", "norm-of-statistics", "select-channels", "parallel", "softmax",
  "gru", "gru-bidirectional", "gru-stacked", "layer-norm", "layer-norm-of-sequence",
  "self-attention", "self-attention-of-sequence", "self-attention-several-blocks", "residual",
  "residual-lstm", "transformer", "unroll",
  "functionals", "functionals-of-one-plane", "functionals-of-a-plain-plane",
  "functionals-of-plain-planes-alone", "standardize",
  "dropout", "cnn-bilstm-attention", "mfcc-lstm",
]

@Suite("A layer, and a network of layers,")
struct LayerTests {
  @Test("answers a batch of clips of different lengths as PyTorch does", arguments: references)
  func agreesWithPyTorch(_ name: String) throws {
    let reference = try ReferenceNetwork(name)
    let output = reference.network.forward(try reference.input, reference.weights)
    #expect(relativeDifference(output.values, try reference.values("output")) < 1e-5)
  }

  @Test("answers each clip the same, alone or in a batch", arguments: references)
  func batchingChangesNothing(_ name: String) throws {
    let reference = try ReferenceNetwork(name)
    let batch = reference.network.forward(try reference.input, reference.weights)
    #expect(batch.lengths == reference.lengths.map(reference.network.outputFrames))
    for (clip, range) in batch.valueRanges.enumerated() {
      let alone = reference.network.forward(try reference.input(clip: clip), reference.weights)
      #expect(relativeDifference(batch.values[range], alone.values) < 1e-5)
    }
  }

  @Test("answers the same when it is folded", arguments: references)
  func foldingChangesNothing(_ name: String) throws {
    let reference = try ReferenceNetwork(name)
    let (network, weights) = reference.network.folded(reference.weights)
    let output = network.forward(try reference.input, weights)
    #expect(relativeDifference(output.values, try reference.values("output")) < 1e-5)
  }

  @Test("gives its weights back as the file has them", arguments: references)
  func weightsRoundTrip(_ name: String) throws {
    let reference = try ReferenceNetwork(name)
    for (name, tensor) in reference.weights.tensors(of: reference.network) {
      #expect(try reference.file.require(name) == tensor)
    }
  }
}
