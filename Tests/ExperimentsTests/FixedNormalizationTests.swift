import Corpora
import Evaluation
import Experiments
import Features
import Foundation
import NeuralNetwork
import Testing
import Training
import TrainingTestSupport

@Suite("Normalisation with statistics of the training part")
struct FixedNormalizationTests {
  /// Clips of which each has its own level, so that statistics tell which ones they are of.
  private func experiment(auxiliary: Range<Int> = 0..<0) throws -> Experiment {
    var features = Chirps.frontEnd.configuration
    features.normalization = .fixed(nil)
    var preset = Preset(
      name: "chirps", summary: "", labels: LabelSet(["0", "1"]), features: features,
      members: [
        .init(layers: try Chirps.network().spec.layers, training: Chirps.options(epochs: 1))
      ])
    preset.members[0].training.auxiliary = .excluded
    let examples = Chirps.examples(20, seed: 1).enumerated().map { index, example in
      var example = example
      example.isAuxiliary = auxiliary.contains(index)
      var map = example.recording
      map.values = map.values.map { $0 + Float(10 * index) }
      example.variants = [map, FeatureMap(zeros: 3, bands: 8, channels: 1)].map(CompactMap.init)
      return example
    }
    return try Experiment(preset: preset, examples: examples)
  }

  @Test("knows the recordings of that part, no others and no copies", arguments: [0, 10])
  func fitted(first: Int) async throws {
    let experiment = try experiment()
    let part = Array(first..<first + 8)
    let fitted = try await experiment.fit(training: part, validation: [8, 9], seed: 1)
    guard case .fixed(let statistics?) = fitted.members[0].frontEnd.configuration.normalization
    else {
      Issue.record("no statistics")
      return
    }
    for band in 0..<8 {
      let values = part.flatMap { clip in
        let map = experiment.examples[clip].recording
        return (0..<map.frames).map { Double(map[$0, band, 0]) }
      }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect(abs(Double(statistics.mean[band]) - mean) < 1e-3)
      #expect(abs(Double(statistics.deviation[band]) - variance.squareRoot()) < 1e-3)
    }
  }

  @Test("knows nothing of auxiliary recordings where those do not teach")
  func auxiliary() async throws {
    let alone = try await experiment().fit(
      training: Array(0..<8), validation: [8, 9], seed: 1)
    let beside = try await experiment(auxiliary: 10..<18).fit(
      training: Array(0..<8) + Array(10..<18), validation: [8, 9], seed: 1)
    #expect(
      beside.members[0].frontEnd.configuration == alone.members[0].frontEnd.configuration)
  }

  @Test("is not needed to compute features, only to normalise them")
  func extractor() throws {
    let preset = try experiment().preset
    #expect(try preset.extractor().configuration.normalization == .none)
    #expect(
      preset.features.extractionFingerprint == Chirps.frontEnd.configuration.extractionFingerprint)
    #expect(try Preset(json: [UInt8](JSONEncoder().encode(preset))) == preset)
  }
}
