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

  private func options(smoothing: Float, absent: Float = 0) -> TrainingOptions {
    var options = TrainingOptions()
    options.labelSmoothing = smoothing
    options.absentLabelWeight = absent
    return options
  }

  @Test("is, where a corpus lacks a label, asked among its own labels and, by a weight, among all")
  func absent() {
    let heads = OutputHeads(classes: 3, intensity: 0)
    func questions(_ labels: [Int], _ absent: Float) -> [Target.Question] {
      heads.target(
        of: example(1), labels: labels, options(smoothing: 0, absent: absent), weight: 4
      ).questions
    }
    let own = Target.Question(outputs: [1, 2], probabilities: [1, 0], weight: 3)
    let all = Target.Question(outputs: [0, 1, 2], probabilities: [0, 1, 0], weight: 1)
    #expect(questions([1, 2], 0.25) == [own, all])
    #expect(questions([1, 2], 1).map(\.outputs) == [[0, 1, 2]])
    #expect(questions([0, 1, 2], 0.25).map(\.weight) == [4])
  }

  @Test("asks teachers about the copy that is learned from, at their temperature")
  func teachers() {
    var example = example(1)
    example.teacherLogits = [[0, 0, 0], [2, 0, 0]]
    var options = options(smoothing: 0)
    options.teacherFraction = 1
    options.teacherTemperature = 2
    func probabilities(_ copy: Int) -> [Float] {
      OutputHeads(classes: 3, intensity: 0).target(
        of: example, copy: copy, labels: [0, 1, 2], options, weight: 1
      ).questions[0].probabilities
    }
    let third = Float(1) / 3
    #expect(relativeDifference(probabilities(0), [third, third, third]) < 1e-6)
    #expect(relativeDifference(probabilities(1), [0.576117, 0.211942, 0.211942]) < 1e-5)
  }

  @Test("is nothing, if not asked for")
  func nothing() throws {
    let heads = OutputHeads(classes: 3, intensity: 0)
    #expect(heads.count == 3)
    let layers: [LayerSpec] = [.relu(.init(name: "last"))]
    #expect(try heads.widened(layers) == layers)
    #expect(
      heads.target(of: example(1, .strong), labels: [0, 1, 2], options(smoothing: 0), weight: 2)
        == Target(label: 1, classes: 3, weight: 2))
  }

  @Test("is which emotion is acted how strongly, where that is known")
  func intensity() {
    let heads = OutputHeads(classes: 3, intensity: 0.5)
    #expect(heads.count == 9)
    func questions(_ intensity: Intensity?) -> [Target.Question] {
      heads.target(of: example(1, intensity), labels: [1, 2], options(smoothing: 0.5), weight: 2)
        .questions
    }
    let label = Target.Question(outputs: [1, 2], probabilities: [0.75, 0.25], weight: 2)
    func strength(_ probabilities: [Float]) -> Target.Question {
      Target.Question(outputs: Array(3..<9), probabilities: probabilities, weight: 1)
    }
    #expect(questions(.normal) == [label, strength([0, 0, 1, 0, 0, 0])])
    #expect(questions(.low) == questions(.normal))
    #expect(questions(.strong) == [label, strength([0, 0, 0, 1, 0, 0])])
    #expect(questions(.high) == questions(.strong))
    #expect(questions(nil) == [label])
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
}
