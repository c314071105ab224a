import Augmentation
import Corpora
import Features
import LinearAlgebra
import NeuralNetwork
import Testing
import Training
import TrainingTestSupport

@Suite("Clips that follow one another")
struct JoinedClipTests {
  /// Clips whose every value tells them apart, 4 frames of 8 bands.
  private let examples = [
    ("1", 0, Float(1)), ("1", 0, 2), ("1", 0, 3), ("1", 1, 4), ("2", 0, 5),
  ].map { speaker, label, value in
    TrainingExample(
      clip: Clip(path: "\(value).wav", corpus: "a", speaker: speaker, label: "\(label)"),
      label: label,
      variants: [
        CompactMap(
          FeatureMap(frames: 4, bands: 8, channels: 1, values: .init(repeating: value, count: 32)))
      ])
  }

  /// The values of the frames that the clip became.
  private func frames(
    of clip: Int, seed: UInt64, _ change: (inout AugmentationOptions) -> Void
  ) throws -> [Float] {
    let context = try Chirps.context(of: examples, change)
    var random = RandomSource(seed: seed)
    let shard = Shard(examples, [clip][...], context: context, random: &random)
    return stride(from: 0, to: shard.batch.values.count, by: 8).map { shard.batch.values[$0] }
  }

  @Test("are of one speaker with one label, and each other one is drawn")
  func joined() throws {
    var seconds: Set<Float> = []
    for seed in 0..<40 as Range<UInt64> {
      let values = try frames(of: 1, seed: seed) { $0.joinChance = 1 }
      #expect(values.count == 8 && Set(values.prefix(4)) == [2] && Set(values.suffix(4)).count == 1)
      seconds.insert(values[7])
    }
    #expect(seconds == [1, 3])
  }

  @Test("are none where the speaker has no other, and where chance says so")
  func alone() throws {
    for seed in 0..<10 as Range<UInt64> {
      #expect(try frames(of: 3, seed: seed) { $0.joinChance = 1 } == [4, 4, 4, 4])
      #expect(try frames(of: 1, seed: seed) { $0.joinChance = 0 } == [2, 2, 2, 2])
    }
    let drawn = try (0..<100).map {
      try frames(of: 1, seed: $0) { $0.joinChance = 0.5 }.count
    }
    #expect(30...70 ~= drawn.count { $0 == 8 })
  }

  @Test("a stretch of a clip is half of it at least")
  func cropped() throws {
    let lengths = try (0..<100).map { try frames(of: 1, seed: $0) { $0.cropChance = 1 }.count }
    #expect(Set(lengths) == [2, 3, 4])
  }
}
