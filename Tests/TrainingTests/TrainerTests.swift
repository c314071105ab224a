import Augmentation
import Corpora
import Dispatch
import Features
import FileIO
import Foundation
import LinearAlgebra
import NeuralNetwork
import SafeTensors
import Synchronization
import TestSupport
import Testing
import Training
import TrainingTestSupport

/// Runs tasks on one thread, or on as many as there are.
private final class Threads: TaskExecutor {
  private let queue: DispatchQueue

  init(several: Bool) {
    queue = DispatchQueue(label: "training", attributes: several ? .concurrent : [])
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { [self] in unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
  }
}

@Suite("A training")
struct TrainerTests {
  @Test("of a small CNN+LSTM learns to tell rising from falling chirps")
  func converges() async throws {
    var options = Chirps.options(epochs: 12)
    options.augmentation = .none
    let trainer = Trainer(
      network: try Chirps.network(), frontEnd: Chirps.frontEnd, options: options, seed: 1,
      training: Chirps.examples(96, seed: 1), validation: [])
    let result = try await trainer.run()
    let unheard = Chirps.examples(200, seed: 3)
    let logits = try await Chirps.network().logits(of: unheard, weights: result.weights) {
      Chirps.frontEnd.networkInput(of: $0)
    }
    let right = zip(logits, unheard).count { ($0[0] > $0[1] ? 0 : 1) == $1.label }
    #expect(Double(right) / 200 > 0.95)
    #expect(result.history.count == 12 && result.epoch == 12 && !result.wasInterrupted)
    let losses = result.history.map(\.trainingLoss)
    #expect(losses[11] < losses[0] / 2)
  }

  @Test("with the same seed gives the same bits again, on one thread or on several")
  func deterministic() async throws {
    let trainer = try Chirps.trainer(Chirps.options(epochs: 2))
    let first = try await trainer.run()
    for executor in [Threads(several: false), Threads(several: true)] {
      let again = try await withTaskExecutorPreference(executor) { try await trainer.run() }
      #expect(again.weights == first.weights)
      #expect(again.history.timeless == first.history.timeless)
    }
  }

  @Test("with another seed gives other weights")
  func seeds() async throws {
    let options = Chirps.options(epochs: 1)
    let first = try await Chirps.trainer(options).run()
    #expect(try await Chirps.trainer(options, seed: 2).run().weights != first.weights)
  }

  @Test("measures a validation clip among the labels of its corpus, as training asks it")
  func validationLabels() async throws {
    // A corpus with one label alone: among its labels there is nothing to get wrong.
    let oneLabel = Chirps.examples(20, seed: 3).filter { $0.label == 0 }.map { example in
      var example = example
      example.clip = Clip(path: "rising.wav", corpus: "rising", speaker: "0", label: "0")
      return example
    }
    for (absentLabelWeight, isLossless) in [(Float(0), true), (0.5, false), (1, false)] {
      var options = Chirps.options(epochs: 1)
      options.absentLabelWeight = absentLabelWeight
      let result = try await Trainer(
        network: try Chirps.network(), frontEnd: Chirps.frontEnd, options: options, seed: 1,
        training: Chirps.examples(48, seed: 1) + oneLabel, validation: oneLabel
      ).run()
      let report = try #require(result.history.first)
      #expect((report.validationLoss == 0) == isLossless)
      if isLossless { #expect(report.validationUAR == 1 && report.validationAccuracy == 1) }
    }
  }

  @Test(
    "ends when validation has not improved for as many epochs as its patience, and keeps the best")
  func earlyStopping() async throws {
    var options = Chirps.options(epochs: 20)
    options.schedule = .constant(rate: 0.01)
    options.patience = 3
    options.selectionStart = 0
    options.averagingDecay = 0
    // What is learnt is the opposite of what is asked, so validation soon gets worse.
    let opposite = Chirps.examples(20, seed: 2).map { example in
      var example = example
      example.label = 1 - example.label
      return example
    }
    func trainer(_ options: TrainingOptions) throws -> Trainer {
      Trainer(
        network: try Chirps.network(), frontEnd: Chirps.frontEnd, options: options, seed: 1,
        training: Chirps.examples(48, seed: 1), validation: opposite)
    }
    let result = try await trainer(options).run()
    #expect(result.history.count == result.epoch + 3 && result.epoch < 17)
    #expect(result.history.last { $0.isBest }?.epoch == result.epoch)
    let best = result.history.min { $0.validationLoss ?? 0 < $1.validationLoss ?? 0 }
    #expect(best?.epoch == result.epoch)
    options.epochs = result.epoch
    #expect(try await trainer(options).run().weights == result.weights)
  }

  @Test("measures a moving average of the weights")
  func averaging() async throws {
    var options = Chirps.options(epochs: 1)
    options.schedule = .constant(rate: 0.01)
    func weights(decay: Float) async throws -> [Float] {
      options.averagingDecay = decay
      // One step.
      return try await Chirps.trainer(options, clips: 16).run().weights.parameters
    }
    let start = try Chirps.network().initialWeights(seed: 1).parameters
    let last = try await weights(decay: 0)
    for (decay, fraction) in [(0.995, 9 / 11.0), (0.1, 0.9)] as [(Float, Float)] {
      let expected = zip(start, last).map { $0 + fraction * ($1 - $0) }
      #expect(largestDifference(try await weights(decay: decay), expected) < 1e-6)
    }
  }

  @Test("that diverges is an error, not a trap")
  func divergence() async throws {
    var options = Chirps.options(epochs: 30)
    options.schedule = .constant(rate: 1e30)
    options.clipNorm = 0
    await #expect(throws: TrainingError.self) { try await Chirps.trainer(options).run() }
  }

  @Test("copes with clips that variation makes too short for the network")
  func tooShort() async throws {
    let network = try Network(
      NetworkSpec(
        bands: 8, channels: 1,
        layers: [
          .conv2d(.init(name: "conv", channels: 2, kernel: [8, 16])),
          .sequence(.init(name: "sequence")), .statisticsPooling(.init(name: "pool")),
          .dense(.init(name: "classes", units: 2)),
        ]))
    var options = Chirps.options(epochs: 1)
    options.augmentation.timeStretch = 0.9
    let result = try await Trainer(
      network: network, frontEnd: Chirps.frontEnd, options: options, seed: 1,
      training: Chirps.examples(32, seed: 1), validation: []
    ).run()
    #expect(result.history.count == 1)
    var short = Chirps.examples(1, seed: 1)[0]
    #expect(network.refusal(of: short, frontEnd: Chirps.frontEnd) == nil)
    short.variants = [CompactMap(short.recording.resized(to: 15))]
    #expect(network.refusal(of: short, frontEnd: Chirps.frontEnd) != nil)
  }
}

extension TrainerTests {
  @Test("keeps no epoch of the part in which it settles")
  func selectionStart() async throws {
    var options = Chirps.options(epochs: 5)
    options.selectionStart = 0.6
    let result = try await Chirps.trainer(options).run()
    #expect(result.history.prefix(3).allSatisfy { !$0.isBest } && result.history[3].isBest)
    #expect(result.epoch > 3)
  }
}

@Suite("A checkpoint")
struct CheckpointTests {
  let tree: TestTree
  var file: CheckpointFile { CheckpointFile(tree.path("training.checkpoint")) }

  init() throws { tree = try TestTree([]) }

  /// Trains until `steps` steps are done, as Ctrl-C would have it.
  private func interrupted(after steps: Int, _ options: TrainingOptions) async throws
    -> TrainingResult
  {
    let asked = Mutex(0)
    return try await Chirps.trainer(options, checkpoint: file).run(
      shouldStop: {
        asked.withLock {
          $0 += 1
          return $0 > steps
        }
      })
  }

  @Test("lets a training that was cut off end as if it had not been", arguments: [4, 7, 9])
  func resume(steps: Int) async throws {
    let options = Chirps.options(epochs: 4)
    let whole = try await Chirps.trainer(options).run()
    // Three steps make an epoch.
    let part = try await interrupted(after: steps, options)
    #expect(part.wasInterrupted && part.history.count == steps / 3)
    #expect(part.epoch <= steps / 3)
    let rest = try await Chirps.trainer(options, checkpoint: file).run(resuming: true)
    #expect(rest.weights == whole.weights && rest.epoch == whole.epoch)
    #expect(rest.history.timeless == whole.history.timeless)
    #expect(!rest.wasInterrupted)
  }

  @Test("of another context or of other clips is refused")
  func otherTraining() async throws {
    var options = Chirps.options(epochs: 4)
    _ = try await interrupted(after: 4, options)
    await #expect(throws: CheckpointError.otherTraining) {
      try await Chirps.trainer(options, clips: 50, checkpoint: file).run(resuming: true)
    }
    let changes: [(inout TrainingExample) -> Void] = [
      { $0.clip = Clip(path: "0.wav", corpus: "others", speaker: "0", label: "0") },
      { $0.clip = Clip(path: "0.wav", corpus: "chirps", speaker: "another", label: "0") },
      { $0.votes = [0.5, 0.5] },
      { $0.label = 1 - $0.label }, { $0.samplingRate = 0.5 },
    ]
    for change in changes {
      await #expect(throws: CheckpointError.otherTraining) {
        try await Chirps.trainer(options, checkpoint: file, changing: change).run(resuming: true)
      }
    }
    options.weightDecay = 0.5
    await #expect(throws: CheckpointError.otherTraining) {
      try await Chirps.trainer(options, checkpoint: file).run(resuming: true)
    }
  }

  @Test("cut short or without a part is refused with the reason")
  func damaged() async throws {
    let options = Chirps.options(epochs: 4)
    _ = try await interrupted(after: 4, options)
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: file.path)))
    var flipped = bytes
    flipped[bytes.count / 2] ^= 1
    for damaged in [Array(bytes.dropLast(5)), flipped] {
      try tree.add("training.checkpoint", bytes: damaged)
      await #expect(throws: CheckpointError.damaged(path: file.path)) {
        try await Chirps.trainer(options, checkpoint: file).run(resuming: true)
      }
    }

    try tree.add("training.checkpoint", bytes: bytes)
    guard case .content(let sealed) = try SealedFile(file.path).read(limit: bytes.count) else {
      Issue.record("the file as it was written is damaged")
      return
    }
    var content = try TensorFile(bytes: sealed)
    content.tensors.removeAll { $0.name == "averaged.statistics" }
    try SealedFile(file.path).write(content.encoded())
    await #expect(throws: CheckpointError.incomplete(missing: "averaged.statistics")) {
      try await Chirps.trainer(options, checkpoint: file).run(resuming: true)
    }
  }

  @Test("that is not there yet lets a training begin")
  func none() async throws {
    let options = Chirps.options(epochs: 1)
    let resumed = try await Chirps.trainer(options, checkpoint: file).run(resuming: true)
    #expect(try await Chirps.trainer(options).run().weights == resumed.weights)
  }

  @Test("that cannot be written stops the training with the reason")
  func unwritable() async throws {
    let path = tree.path("no/folder/here")
    await #expect(
      throws: CheckpointError.file(.file(FileError(path: path, reason: .notFound)))
    ) {
      try await Chirps.trainer(Chirps.options(epochs: 1), checkpoint: CheckpointFile(path)).run()
    }
  }
}

@Suite("An epoch's plan")
struct EpochPlanTests {
  private var options: TrainingOptions {
    var options = TrainingOptions()
    options.batchSize = 8
    return options
  }

  private func examples(_ lengths: [Int], samplingRate: Float = 1) -> [TrainingExample] {
    lengths.map { frames in
      TrainingExample(
        clip: Clip(path: "", corpus: "c", speaker: "1", label: "0"), label: 0,
        variants: [CompactMap(FeatureMap(zeros: frames, bands: 1, channels: 1))],
        samplingRate: samplingRate)
    }
  }

  @Test("has every clip once, in another order each epoch", arguments: [1, 8, 9, 100])
  func everyClipOnce(count: Int) {
    let clips = examples((0..<count).map { 50 + $0 % 7 })
    let plans = (0..<3).map { EpochPlan(clips, options: options, seed: 1, epoch: $0).batches }
    for plan in plans {
      #expect(plan.joined().sorted() == Array(0..<count))
      #expect(plan.allSatisfy { 1...8 ~= $0.count })
      #expect(plan.count == EpochPlan.stepsPerEpoch(clips, options: options))
    }
    #expect(count < 9 || Set(plans).count == 3)
    #expect(EpochPlan(clips, options: options, seed: 1, epoch: 1).batches == plans[1])
  }

  @Test("puts clips of like length together")
  func groupedByLength() {
    var random = RandomSource(seed: 4)
    let lengths = (0..<160).map { _ in 40 + random.index(below: 400) }
    let batches = EpochPlan(examples(lengths), options: options, seed: 1, epoch: 0).batches
    let spans = batches.map { batch in
      let frames = batch.map { lengths[$0] }
      return (frames.max() ?? 0) - (frames.min() ?? 0)
    }
    #expect(spans.reduce(0, +) / spans.count < 60)
  }

  @Test("draws clips as often as their sampling rate says", arguments: [0, 0.25, 1] as [Float])
  func samplingRates(rate: Float) {
    let clips = examples([Int](repeating: 50, count: 1000), samplingRate: rate)
    let drawn = EpochPlan(clips, options: options, seed: 1, epoch: 0).batches.joined()
    #expect(abs(Float(drawn.count) - 1000 * rate) < 60)
    #expect(Set(drawn).count == drawn.count)
  }
}
