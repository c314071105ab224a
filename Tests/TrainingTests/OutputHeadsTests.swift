import Corpora
import Features
import NeuralNetwork
import TestSupport
import Testing
import Training

@Suite("What is learned beside the classes")
struct OutputHeadsTests {
  private func example(_ label: Int, _ intensity: Intensity? = nil) -> TrainingExample {
    TrainingExample(
      clip: Clip(path: "", corpus: "", speaker: nil, label: "sad", intensity: intensity),
      label: label, variants: [])
  }

  @Test("is nothing, if not asked for")
  func nothing() throws {
    let heads = OutputHeads(classes: 3, intensity: 0)
    #expect(heads.ranges == [0..<3])
    let layers: [LayerSpec] = [.relu(.init(name: "last"))]
    #expect(try heads.widened(layers) == layers)
    #expect(
      heads.target(of: example(1, .strong), smoothing: 0, weight: 2).probabilities == [0, 1, 0])
  }

  @Test("is which emotion is acted how strongly, where that is known")
  func intensity() {
    let heads = OutputHeads(classes: 3, intensity: 0.5)
    #expect(heads.ranges == [0..<3, 3..<9])
    func probabilities(_ intensity: Intensity?) -> [Float] {
      heads.target(of: example(1, intensity), smoothing: 0, weight: 1).probabilities
    }
    #expect(
      probabilities(.normal) == [0, 1, 0] + [0, 0, 0.5, 0, 0, 0]
        && probabilities(.low) == probabilities(.normal))
    #expect(
      probabilities(.strong) == [0, 1, 0] + [0, 0, 0, 0.5, 0, 0]
        && probabilities(.high) == probabilities(.strong))
    #expect(probabilities(nil) == [0, 1, 0] + [Float](repeating: 0, count: 6))
  }

  @Test("leaves, cut off, the network that classifies as it was beside it")
  func cut() throws {
    func network(_ layers: [LayerSpec]) throws -> Network {
      try Network(NetworkSpec(bands: 1, channels: 3, layers: layers, takesVectors: true))
    }
    let plain = try network([
      .dense(.init(name: "hidden", units: 4)), .relu(.init(name: "relu")),
      .dense(.init(name: "classes", units: 3)), .softmax(.init(name: "softmax")),
    ])
    let heads = OutputHeads(classes: 3, intensity: 1)
    let wide = try network(heads.widened(plain.spec.layers))
    #expect(wide.output.size == 9)
    let weights = wide.initialWeights(seed: 3)
    let kept = heads.cut(weights, of: wide)
    #expect(kept.parameters.count == plain.layout.parameterCount)
    let clips = Batch(lengths: [1, 1], bands: 1, channels: 3, values: [1, -2, 3, 0.5, 0, -1])
    let all = wide.logits(clips, weights).values
    let classes = [0, 1, 2, 9, 10, 11].map { all[$0] }
    #expect(relativeDifference(plain.logits(clips, kept).values, classes) < 1e-6)
  }

  @Test("takes a network that ends dense")
  func refused() throws {
    #expect(throws: NetworkError.self) {
      try OutputHeads(classes: 3, intensity: 1).widened([.relu(.init(name: "last"))])
    }
  }

  @Test("has a softmax of its own, and counts as much as is asked")
  func loss() {
    let logits: [Float] = [1, -1, 0.5, 2, 0, -3]
    func entropy(_ logits: [Float], _ target: Target) -> CrossEntropy {
      CrossEntropy(
        Batch(lengths: [1], bands: 1, channels: logits.count, values: logits), [target])
    }
    let first = entropy(Array(logits[..<2]), Target(label: 0, classes: 2, weight: 3))
    let second = entropy(Array(logits[2...]), Target(label: 1, classes: 4, weight: 1.5))
    let both = CrossEntropy(
      Batch(lengths: [1], bands: 1, channels: 6, values: logits),
      [Target(probabilities: [1, 0, 0, 0.5, 0, 0], weight: 3)], heads: [0..<2, 2..<6])
    #expect(abs(both.loss - first.loss - second.loss) < 1e-6)
    #expect(both.weight == 3 && both.correct == 1)
    #expect(
      relativeDifference(both.gradient.values, first.gradient.values + second.gradient.values)
        < 1e-6)
    // Of what nobody knows, nothing is learned.
    let unknown = CrossEntropy(
      Batch(lengths: [1], bands: 1, channels: 6, values: logits),
      [Target(probabilities: [1, 0, 0, 0, 0, 0], weight: 3)], heads: [0..<2, 2..<6])
    #expect(unknown.gradient.values[2...].allSatisfy { $0 == 0 })
  }
}
