import EmotionFeatures
import EmotionTraining
import Testing

@Suite("Corpora that help")
struct HelperTests {
  /// Vectors of two numbers: those of the helper are ten times as large and lie elsewhere.
  private let examples: [TrainingExample] = (0..<12).map { index in
    let helps = index % 3 == 0
    let value = Float(index / 3)
    func vector(_ shift: Float) -> FeatureMap {
      FeatureMap(
        frames: 1, bands: 1, channels: 2,
        values: helps ? [100 + 10 * (value + shift), 7] : [value + shift, -value])
    }
    return TrainingExample(
      clip: Clip(
        path: "\(index).wav", corpus: helps ? "far" : "near", speaker: "\(index % 4)", label: "sad"),
      label: 0, variants: [vector(0)], degraded: [vector(1)], share: helps ? 0.5 : 1)
  }

  @Test("are learned from as they are, or not at all")
  func plain() {
    #expect(examples.treating(.heard).map(\.variants) == examples.map(\.variants))
    #expect(examples.treating(.leftOut).map(\.clip.corpus) == .init(repeating: "near", count: 8))
  }

  @Test("are brought to the mean and deviation of the others, and those stay what they are")
  func aligned() {
    let treated = examples.treating(.aligned)
    #expect(treated.count == 12)
    for (index, (before, after)) in zip(examples, treated).enumerated() {
      let value = Float(index / 3)
      if before.clip.corpus == "near" {
        #expect(after.variants == before.variants && after.degraded == before.degraded)
        continue
      }
      // Degraded copies go along, by as much.
      #expect(abs(after.variants[0].values[0] - value) < 1e-4)
      #expect(abs(after.degraded[0].values[0] - value - 1) < 1e-4)
      // What never changes becomes the others' mean.
      #expect(abs(after.variants[0].values[1] + 1.5) < 1e-5)
    }
  }

  @Test(
    "without another corpus are learned from as they are",
    arguments: TrainingOptions.Helpers.allCases)
  func alone(_ helpers: TrainingOptions.Helpers) {
    let alone = examples.filter { $0.share < 1 }
    #expect(alone.treating(helpers).map(\.variants) == alone.map(\.variants))
  }
}
