import Corpora
import Experiments
import Features
import Testing
import Training

@Suite("Corpora that help")
struct HelperTests {
  /// Every third helps.
  private let examples: [TrainingExample] = (0..<12).map { index in
    let helps = index % 3 == 0
    let vector = FeatureMap(frames: 1, bands: 1, channels: 1, values: [Float(index)])
    return TrainingExample(
      clip: Clip(
        path: "\(index).wav", corpus: helps ? "far" : "near", speaker: "\(index % 4)", label: "sad"),
      label: 0, variants: [vector], share: helps ? 0.5 : 1)
  }

  @Test("are learned from as they are, or not at all")
  func plain() {
    #expect(examples.treating(.heard).map(\.variants) == examples.map(\.variants))
    #expect(examples.treating(.leftOut).map(\.clip.corpus) == .init(repeating: "near", count: 8))
  }

  @Test(
    "without another corpus are learned from as they are",
    arguments: TrainingOptions.Helpers.allCases)
  func alone(_ helpers: TrainingOptions.Helpers) {
    let alone = examples.filter { $0.share < 1 }
    #expect(alone.treating(helpers).map(\.variants) == alone.map(\.variants))
  }
}
