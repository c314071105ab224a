import Corpora
import Experiments
import Features
import Testing
import Training

@Suite("Auxiliary corpora")
struct AuxiliaryTests {
  /// Every third is auxiliary.
  private let examples: [TrainingExample] = (0..<12).map { index in
    let isAuxiliary = index % 3 == 0
    let vector = FeatureMap(frames: 1, bands: 1, channels: 1, values: [Float(index)])
    return TrainingExample(
      clip: Clip(
        path: "\(index).wav", corpus: isAuxiliary ? "far" : "near", speaker: "\(index % 4)",
        label: "sad"),
      label: 0, variants: [CompactMap(vector)], isAuxiliary: isAuxiliary)
  }

  @Test("teach, or do not")
  func plain() {
    #expect(examples.including(.included).map(\.variants) == examples.map(\.variants))
    #expect(examples.including(.excluded).map(\.clip.corpus) == .init(repeating: "near", count: 8))
  }

  @Test(
    "teach where there is no other corpus",
    arguments: TrainingOptions.Auxiliary.allCases)
  func alone(_ auxiliary: TrainingOptions.Auxiliary) {
    let alone = examples.filter { $0.isAuxiliary }
    #expect(alone.including(auxiliary).map(\.variants) == alone.map(\.variants))
  }
}
