import Corpora
import Evaluation
import Experiments
import Features
import Foundation
import LinearAlgebra
import NeuralNetwork
import Synchronization
import Testing
import Training
import TrainingTestSupport

@Suite("A benchmark")
struct BenchmarkTests {
  private static let labels = ["0", "1", "2"]

  /// Chirps of three corpora with four speakers each; the third has a label that the others do not have.
  private let examples = Chirps.examples(96, seed: 1).enumerated().map { index, example in
    let corpus = ["a", "b", "c"][index / 2 % 3]
    let label = corpus == "c" && index % 7 == 0 ? 2 : example.label
    var changed = example
    changed.label = label
    changed.clip = Clip(
      path: example.clip.path, corpus: corpus, speaker: "\(index / 6 % 4)", label: "\(label)")
    return changed
  }

  private func benchmark(
    _ parts: Set<BenchmarkPart>, validation: Double = 0, epochs: Int = 2, store: FoldStore? = nil,
    seeds: [UInt64] = [1]
  ) throws -> Benchmark {
    var layers = try Chirps.network().spec.layers
    layers[layers.count - 2] = .dense(.init(name: "classes", units: 3))
    let preset = Preset(
      name: "chirps", summary: "", labels: LabelSet(Self.labels),
      features: Chirps.frontEnd.configuration,
      members: [.init(layers: layers, training: Chirps.options(epochs: epochs))])
    let halves = [["0", "1"], ["2", "3"]].map { ["a": $0, "b": $0, "c": $0] }
    let folds = try Folds(protocol: "halves", folds: halves)
    let plans = try seeds.map {
      try BenchmarkPlan(
        of: examples.map(\.clip), parts: parts, folds: folds, validation: validation, seed: $0)
    }
    return Benchmark(
      experiment: try Experiment(preset: preset, examples: examples), seeds: seeds, plans: plans,
      jobs: 1, store: store)
  }

  private func restriction(_ corpus: String) -> LabelRestriction {
    LabelRestriction(to: corpus == "c" ? ["0", "1", "2"] : ["0", "1"], of: Self.labels)
  }

  /// What some trainings said of a corpus, among its labels.
  private func said(_ reports: [FoldReport], of corpus: String? = nil) -> [ClipResult] {
    reports.flatMap { report in
      zip(report.split.test, report.outcomes).flatMap { place, result in
        let own = examples[place].clip.corpus
        return corpus ?? own == own ? restriction(own)([result]) : []
      }
    }
  }

  private func temperature(_ results: [ClipResult]) -> TemperatureScaling {
    TemperatureScaling(
      logits: results.map { $0.probabilities.map(log) }, targets: results.map(\.target))
  }

  @Test("measures each corpus on its own labels, and leaves out what was never heard of")
  func parts() async throws {
    let benchmark = try benchmark([.folds, .neverHeard, .random])
    let reports = try await benchmark.validation.run()
    #expect(
      reports.map(\.split.name) == ["fold 1", "fold 2", "b+c → a", "a+c → b", "a+b → c", "random"])
    let result = try benchmark.result(of: reports)
    #expect(result.corpora == ["a", "b", "c"] && result.labels == Self.labels)
    let (folds, neverHeard) = (try #require(result.folds), try #require(result.neverHeard))
    let strange = examples.count { $0.label == 2 }
    #expect(strange > 0)
    #expect(folds.corpora.map(\.labels) == [["0", "1"], ["0", "1"], Self.labels])
    #expect(folds.corpora.map(\.clips) == [32, 32, 32] && folds.corpora[2].leftOut == 0)
    #expect(neverHeard.corpora.map(\.labels) == [["0", "1"], ["0", "1"], ["0", "1"]])
    #expect(neverHeard.corpora.map(\.leftOut) == [0, 0, strange])
    #expect(neverHeard.corpora.map(\.clips) == [32, 32, 32 - strange])
    #expect(folds.corpora.map(\.speakers) == [4, 4, 4])
    #expect(result.random?.corpora.map(\.corpus) == ["a", "b", "c"])
    for (row, corpus) in zip(folds.corpora, ["a", "b", "c"]) {
      let matrix = ConfusionMatrix(
        labels: restriction(corpus).labels, outcomes: said(Array(reports[..<2]), of: corpus))
      #expect(row.confusion == matrix && row.figures.uar == matrix.unweightedAverageRecall)
    }
    #expect(benchmark.recalls(of: reports[2]).map(\.uar) == [neverHeard.corpora[0].figures.uar])
    #expect(benchmark.recalls(of: reports[4]).map(\.uar) == [neverHeard.corpora[2].figures.uar])
  }

  @Test("takes each fold's temperature from the other folds, a corpus's from the other corpora")
  func crossFitting() async throws {
    let benchmark = try benchmark([.folds, .neverHeard])
    let reports = try await benchmark.validation.run()
    let result = try benchmark.result(of: reports)
    let folds = Array(reports[..<2])
    #expect(result.folds?.calibration == .crossFitted)
    #expect(result.neverHeard?.calibration == .crossFitted)
    let all = temperature(said(folds)).temperature
    #expect(abs(try #require(result.temperature) - all) < 1e-3 * all)

    let calibrated = (0..<2).flatMap { fold in
      said([folds[fold]], of: "a").map(temperature(said([folds[1 - fold]])).callAsFunction)
    }
    let error = try #require(result.folds).corpora[0].figures.calibrationError
    #expect(abs(error - Reliability.expectedError(calibrated)) < 1e-3)

    let others = temperature(said(folds, of: "b") + said(folds, of: "c"))
    let unheard = said([reports[2]], of: "a").map(others.callAsFunction)
    let strange = try #require(result.neverHeard).corpora[0].figures.calibrationError
    #expect(abs(strange - Reliability.expectedError(unheard)) < 1e-3)
  }

  @Test("says where nothing calibrated it, and where speakers who were left aside did")
  func calibration() async throws {
    let bare = try benchmark([.neverHeard], epochs: 1)
    let alone = try bare.result(of: try await bare.validation.run())
    #expect(alone.neverHeard?.calibration == BenchmarkTable.Calibration.none)
    #expect(alone.temperature == nil && alone.folds == nil)
    let steered = try benchmark([.folds], validation: 0.25, epochs: 1)
    let held = try steered.result(of: try await steered.validation.run())
    #expect(held.folds?.calibration == .validation && held.temperature == nil)
  }

  @Test("of several seeds counts each clip once")
  func seeds() async throws {
    let benchmark = try benchmark([.folds], epochs: 1, seeds: [3, 4])
    let result = try benchmark.result(of: try await benchmark.validation.run())
    #expect(result.seeds == [3, 4])
    let rows = try #require(result.folds).corpora
    #expect(rows.allSatisfy { $0.clips == 32 && $0.uarBySeed.count == 2 })
  }

  /// The epochs that a run trained, each with its split's name.
  private func epochs(
    _ validation: CrossValidation, stopAfter count: Int = .max
  ) async throws -> [String] {
    let seen = Mutex<[String]>([])
    _ = try await validation.run(
      shouldStop: { seen.withLock { $0.count >= count } },
      onEpoch: { _, split, report in
        seen.withLock { $0.append("\(split.name) \(report.epoch)") }
      })
    return seen.withLock { $0 }
  }

  @Test("goes on at the last epoch of the training that was cut, to the same result")
  func resuming() async throws {
    let tree = try TestTree([])
    func kept() throws -> Benchmark {
      try benchmark(
        [.folds], epochs: 4, store: try FoldStore(tree.path("kept"), keepsNetworks: true))
    }
    let whole = try benchmark([.folds], epochs: 4)
    let expected = try whole.result(of: try await whole.validation.run())
    let first = try await epochs(try kept().validation, stopAfter: 6)
    #expect(first == (1...4).map { "fold 1 \($0)" } + (1...2).map { "fold 2 \($0)" })
    let second = try await epochs(try kept().validation)
    #expect(second == ["fold 2 3", "fold 2 4"])
    let known = try kept()
    #expect(known.validation.known.allSatisfy { $0 != nil })
    #expect(try known.result(of: try await known.validation.run()) == expected)
  }

  @Test("keeps networks if asked, so that they are measured again without a training")
  func keptNetworks() async throws {
    let tree = try TestTree([])
    func run(keepsNetworks: Bool) async throws -> [String] {
      let store = try FoldStore(tree.path("kept"), keepsNetworks: keepsNetworks)
      return try await epochs(try benchmark([.folds], epochs: 1, store: store).validation)
    }
    func files(_ kind: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: tree.path("kept")).filter {
        $0.contains(kind)
      }
    }
    #expect(try await run(keepsNetworks: true).count == 2)
    #expect(try files("checkpoint").count == 2)
    for fold in try files(".fold") {
      try FileManager.default.removeItem(atPath: tree.path("kept/\(fold)"))
    }
    #expect(try await run(keepsNetworks: false).isEmpty)
    #expect(try files(".fold").count == 2 && files("checkpoint").isEmpty)
  }

  @Test("begins a training anew when its checkpoint is damaged, and says so")
  func damaged() async throws {
    let tree = try TestTree([])
    let warnings = Mutex<[String]>([])
    func run() async throws -> [String] {
      let store = try FoldStore(
        tree.path("kept"), keepsNetworks: true,
        warn: { text in warnings.withLock { $0.append(text) } })
      return try await epochs(try benchmark([.folds], epochs: 2, store: store).validation)
    }
    #expect(try await run().count == 4)
    for name in try FileManager.default.contentsOfDirectory(atPath: tree.path("kept")) {
      try tree.add("kept/\(name)", "no more what it was")
    }
    #expect(try await run().count == 4)
    #expect(warnings.withLock { $0.count { $0.contains("begins anew") } } == 2)
  }
}
