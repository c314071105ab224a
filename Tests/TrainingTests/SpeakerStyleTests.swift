import Augmentation
import Corpora
import Features
import LinearAlgebra
import NeuralNetwork
import Testing
import Training
import TrainingTestSupport

@Suite("Style of a speaker")
struct SpeakerStyleTests {
  private func map(_ values: [Float]) -> FeatureMap {
    FeatureMap(frames: values.count / 2, bands: 2, channels: 1, values: values)
  }

  @Test("is the mean and deviation of each band")
  func moments() {
    let style = BandStyle(of: map([1, -10, 3, -10, 5, -40, 7, -40]))
    #expect(style.means == [4, -25])
    #expect(abs(style.deviations[0] - Float(5).squareRoot()) < 1e-5)
    #expect(style.deviations[1] == 15)
    let mean = BandStyle(meanOf: [style, BandStyle(of: map([0, 5]))])
    #expect(mean.means == [2, -10])
    #expect(mean.deviations[1] == 7.5)
  }

  @Test("moves to another's, and keeps what sets a clip apart from its own speaker")
  func move() {
    let own = BandStyle(of: map([-20, -40, -10, -30]))
    let other = BandStyle(of: map([-70, -20, -30, -20]))
    // Both bands of this clip are 3 dB louder than its speaker's.
    let before = map([-17, -37, -7, -27])
    var moved = before
    moved.move(from: own, to: other, fraction: 0)
    #expect(zip(moved.values, before.values).allSatisfy { abs($0 - $1) < 1e-4 })
    moved.move(from: own, to: other, fraction: 1)
    // Band 0: mean -15 to -50, deviation 5 to 20; band 1: mean -35 to -20, deviation 5 to 0.
    let expected: [Float] = [-58, -20, -18, -20]
    #expect(zip(moved.values, expected).allSatisfy { abs($0 - $1) < 1e-4 })
    var half = before
    half.move(from: own, to: other, fraction: 0.5)
    #expect(abs(half.values[0] - (-32.5 - 2 * 2.5)) < 1e-4)
  }

  @Test("of a band that does not move is no reason to blow it up")
  func constantBand() {
    var clip = map([-30, -50, -30, -50.001])
    clip.move(from: BandStyle(of: clip), to: BandStyle(of: map([0, 0, -40, -40])), fraction: 1)
    #expect(clip.values.allSatisfy { $0.isFinite && abs($0 + 20) < 0.1 })
  }

  @Test("that is moved by nothing leaves even a band that does not move as it is")
  func nothing() {
    let clip = map([-30, -50, -30, -50.1])
    var moved = clip
    moved.move(from: BandStyle(of: clip), to: BandStyle(of: map([0, 0, -40, -40])), fraction: 0)
    #expect(moved == clip)
  }

  @Test("is drawn from the training speakers, each corpus as often as another")
  func drawn() throws {
    // Speakers of two corpora that differ by their level alone: 0 dB in one, 40, 50 and 60 in the other.
    let examples = [("a", "1", Float(0)), ("b", "1", 40), ("b", "2", 50), ("b", "3", 60)].map {
      corpus, speaker, level in
      let values = (0..<32).map { level + ($0 / 8 % 2 == 0 ? 1 : -1) }
      return TrainingExample(
        clip: Clip(path: "\(corpus)\(speaker).wav", corpus: corpus, speaker: speaker, label: "0"),
        label: 0,
        variants: [CompactMap(FeatureMap(frames: 4, bands: 8, channels: 1, values: values))])
    }
    let context = try Chirps.context(of: examples) { $0.speakerStyleChance = 1 }
    var levels: [Float] = []
    for seed in 0..<400 as Range<UInt64> {
      var random = RandomSource(seed: seed)
      let shard = Shard(examples, [0][...], context: context, random: &random)
      levels.append(shard.batch.values.reduce(0, +) / 32)
    }
    // Half of the draws stay within the clip's own corpus; the others go some of the way to 40, 50 or 60.
    let own = levels.count { abs($0) < 1e-3 }
    #expect(160...240 ~= own)
    #expect(levels.allSatisfy { -1e-3...60 ~= $0 })
    #expect(levels.contains { $0 > 50 } && levels.contains { 0.1...10 ~= $0 })
  }
}
