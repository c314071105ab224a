import Corpora
import Foundation
import NeuralNetwork
import TestSupport
import Testing
import Training

/// What `make_training_golden.py` had PyTorch compute.
private struct Reference: Decodable, Sendable {
  struct Schedule: Decodable, Sendable {
    let warmup: Float
    let peak: Float
    let rates: [Float]

    var schedule: LearningRateSchedule {
      .oneCycle(peak: peak, warmup: warmup)
    }
  }

  struct Loss: Decodable, Sendable {
    let classes: Int
    let smoothing: Float
    let weights: [Float]
    let labels: [Int]
    let logits: [Float]
    let loss: Double
    let gradient: [Float]
    let correct: Int
  }

  let schedules: [Schedule]
  let losses: [Loss]

  init() throws {
    self = try JSONDecoder().decode(Reference.self, from: fixture("training.json"))
  }
}

@Suite("A learning-rate schedule")
struct ScheduleTests {
  @Test("has PyTorch's rate at every step")
  func agrees() throws {
    for reference in try Reference().schedules {
      let rates = reference.rates.indices.map {
        reference.schedule.rate(step: $0, of: reference.rates.count)
      }
      #expect(
        largestDifference(rates, reference.rates) < 1e-6 * reference.peak,
        "\(reference.rates.count) steps, warm-up \(reference.warmup)")
    }
  }

  @Test(
    "of one step is no trap",
    arguments: [
      LearningRateSchedule.constant(rate: 1), .oneCycle(peak: 1, warmup: 0),
      .oneCycle(peak: 1, warmup: 1),
    ])
  func oneStep(_ schedule: LearningRateSchedule) {
    #expect(0...1 ~= schedule.rate(step: 0, of: 1))
  }

  @Test("that is constant stays so")
  func constant() {
    #expect(
      (0..<5).allSatisfy { LearningRateSchedule.constant(rate: 0.1).rate(step: $0, of: 5) == 0.1 })
  }
}

@Suite("Cross-entropy")
struct CrossEntropyTests {
  @Test("has PyTorch's mean loss and gradient, smoothed and weighted or not")
  func agrees() throws {
    for reference in try Reference().losses {
      let logits = Batch(
        lengths: reference.labels.map { _ in 1 }, bands: 1, channels: reference.classes,
        values: reference.logits)
      let targets = reference.labels.map {
        Target(
          label: $0, classes: reference.classes, smoothing: reference.smoothing,
          weight: reference.weights[$0])
      }
      let found = CrossEntropy(logits, targets)
      #expect(abs(found.loss / found.weight - reference.loss) < 1e-5 * reference.loss)
      let gradient = found.gradient.values.map { $0 / Float(found.weight) }
      #expect(relativeDifference(gradient, reference.gradient) < 1e-5)
      #expect(found.correct == reference.correct)
    }
  }

  @Test("of a mixture is the mixture of the losses")
  func mixture() {
    let logits = Batch(lengths: [1], bands: 1, channels: 3, values: [1, -2, 0.5])
    let (a, b) = (Target(label: 0, classes: 3), Target(label: 2, classes: 3))
    let mixed = CrossEntropy(logits, [a.mixed(with: b, fraction: 0.75)])
    let expected = 0.75 * CrossEntropy(logits, [a]).loss + 0.25 * CrossEntropy(logits, [b]).loss
    #expect(abs(mixed.loss - expected) < 1e-6)
    #expect(mixed.correct == 1)
  }

  @Test("is put to the outputs of each question alone")
  func questions() {
    let logits: [Float] = [1, -1, 0.5, 2, 0, -3]
    func entropy(_ logits: [Float], _ target: Target) -> CrossEntropy {
      CrossEntropy(
        Batch(lengths: [1], bands: 1, channels: logits.count, values: logits), [target])
    }
    let first = entropy([1, 0.5], Target(label: 0, classes: 2, weight: 3))
    let second = entropy([2, -3], Target(label: 1, classes: 2, weight: 1.5))
    let both = entropy(
      logits,
      Target(
        questions: [
          .init(outputs: [0, 2], probabilities: [1, 0], weight: 3),
          .init(outputs: [3, 5], probabilities: [0, 1], weight: 1.5),
        ], weight: 3))
    #expect(abs(both.loss - first.loss - second.loss) < 1e-6)
    #expect(both.weight == 3 && both.correct == 1)
    let (a, b) = (first.gradient.values, second.gradient.values)
    #expect(relativeDifference(both.gradient.values, [a[0], 0, a[1], b[0], 0, b[1]]) < 1e-6)
    // Where nothing is asked, nothing is learned.
    #expect(both.gradient.values[1] == 0 && both.gradient.values[4] == 0)
  }

  @Test("may want in part what teachers say, among the labels that are asked")
  func teachers() {
    let question = Target.Question(outputs: [0, 2], probabilities: [1, 0], weight: 3)
    let mixed = question.mixed(withLogits: [0, 5, 0], fraction: 0.5)
    #expect(mixed.outputs == [0, 2] && mixed.weight == 3)
    #expect(relativeDifference(mixed.probabilities, [0.75, 0.25]) < 1e-6)
    #expect(question.mixed(withLogits: nil, fraction: 0.5) == question)
  }

  @Test("may want in part what listeners voted, among the labels that are asked")
  func votes() {
    let question = Target.Question(outputs: [0, 2], probabilities: [1, 0], weight: 3)
    let mixed = question.mixed(with: [0.2, 0.2, 0.6], fraction: 0.5)
    #expect(mixed.outputs == [0, 2] && mixed.weight == 3)
    #expect(relativeDifference(mixed.probabilities, [0.625, 0.375]) < 1e-6)
    #expect(question.mixed(with: nil, fraction: 0.5) == question)
    #expect(question.mixed(with: [0, 1, 0], fraction: 0.5) == question)
    #expect(question.mixed(with: [0.2, 0.2, 0.6], fraction: 0) == question)
  }

  @Test("weighs the labels of each corpus alike, if asked to")
  func balance() {
    func examples(_ corpus: String, _ labels: [Int]) -> [TrainingExample] {
      labels.map {
        TrainingExample(
          clip: Clip(path: "", corpus: corpus, speaker: nil, label: ""), label: $0, variants: [])
      }
    }
    let clips = examples("a", [0, 0, 0, 2]) + examples("b", [1, 1])
    let even = CorpusLabels.all(of: clips, classes: 3, weighing: .uniform)
    #expect(even["a"]?.labels == [0, 2] && even["a"]?.weights == [1, 0, 1])
    let balanced = CorpusLabels.all(of: clips, classes: 3, weighing: .balancedByCorpus)
    #expect(balanced["a"]?.weights == [Float(4) / 6, 0, 2])
    #expect(balanced["b"]?.labels == [1] && balanced["b"]?.weights == [0, 1, 0])
    let over = CorpusLabels.all(of: clips, classes: 3, weighing: .balanced)
    #expect(over["a"]?.labels == [0, 2] && over["a"]?.weights == [Float(6) / 9, 0, 2])
    #expect(over["b"]?.labels == [1] && over["b"]?.weights == [0, 1, 0])
  }

  @Test("of logits far apart is finite")
  func extremes() {
    let logits = Batch(lengths: [1], bands: 1, channels: 2, values: [-3e4, 3e4])
    let found = CrossEntropy(logits, [Target(label: 0, classes: 2)])
    #expect(found.loss == 6e4)
    #expect(found.gradient.values == [-1, 1])
  }
}
