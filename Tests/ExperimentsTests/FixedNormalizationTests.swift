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
  private func experiment(helping helps: Range<Int> = 0..<0) throws -> Experiment {
    var features = Chirps.frontEnd.configuration
    features.normalization = .fixed(nil)
    var preset = Preset(
      name: "chirps", summary: "", labels: LabelSet(["0", "1"]), features: features,
      layers: try Chirps.network().spec.layers, training: Chirps.options(epochs: 1))
    preset.training.auxiliary = .leftOut
    let examples = Chirps.examples(20, seed: 1).enumerated().map { index, example in
      var example = example
      if helps.contains(index) {
        example = TrainingExample(
          clip: example.clip, label: example.label, variants: example.variants, share: 0.5)
      }
      example.variants[0].values = example.variants[0].values.map { $0 + Float(10 * index) }
      example.variants.append(FeatureMap(zeros: 3, bands: 8, channels: 1))
      return example
    }
    return try Experiment(preset: preset, network: try preset.network(), examples: examples)
  }

  @Test("knows the recordings of that part, no others and no copies", arguments: [0, 10])
  func fitted(first: Int) async throws {
    let experiment = try experiment()
    let part = Array(first..<first + 8)
    let fitted = try await experiment.fit(training: part, validation: [8, 9], seed: 1)
    guard case .fixed(let statistics?) = fitted.frontEnd.configuration.normalization else {
      Issue.record("no statistics")
      return
    }
    for band in 0..<8 {
      let values = part.flatMap { clip in
        let map = experiment.examples[clip].variants[0]
        return (0..<map.frames).map { Double(map[$0, band, 0]) }
      }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect(abs(Double(statistics.mean[band]) - mean) < 1e-3)
      #expect(abs(Double(statistics.deviation[band]) - variance.squareRoot()) < 1e-3)
    }
  }

  @Test("knows nothing of recordings that its network does not hear")
  func helpers() async throws {
    let alone = try await experiment().fit(
      training: Array(0..<8), validation: [8, 9], seed: 1)
    let helped = try await experiment(helping: 10..<18).fit(
      training: Array(0..<8) + Array(10..<18), validation: [8, 9], seed: 1)
    #expect(helped.frontEnd.configuration == alone.frontEnd.configuration)
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
