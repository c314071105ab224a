import Augmentation
import Features
import LinearAlgebra
import NeuralNetwork
import Testing
import Training
import TrainingTestSupport

@Suite("A shard of a batch")
struct MixupTests {
  @Test("mixes clips and their targets with the same weights")
  func mixup() throws {
    var options = Chirps.options(epochs: 1)
    options.augmentation = .none
    options.labelSmoothing = 0
    // Two clips of one value each, so that a mixture shows its weight.
    let examples = [(0, Float(8)), (1, Float(-8))].map { label, value in
      var example = Chirps.examples(1, seed: 1)[0]
      example.label = label
      example.variants = [
        CompactMap(
          FeatureMap(frames: 4, bands: 8, channels: 1, values: .init(repeating: value, count: 32)))
      ]
      return example
    }
    var configuration = Chirps.frontEnd.configuration
    configuration.normalization = .none
    let frontEnd = try FrontEnd(configuration)
    options.augmentation.mixupChance = 1
    let context = Trainer(
      network: try Chirps.network(), frontEnd: frontEnd, options: options, seed: 1,
      training: examples, validation: []
    ).context
    var weights: Set<Float> = []
    for seed in 0..<20 as Range<UInt64> {
      var random = RandomSource(seed: seed)
      let shard = Shard(examples, [0, 1][...], context: context, random: &random)
      for (clip, target) in shard.targets.enumerated() {
        let value = shard.batch.values[shard.batch.valueRanges[clip].lowerBound]
        let expected: Float = (value / 8 + 1) / 2
        let wanted = (0..<2).map { label in
          target.questions.reduce(Float(0)) { $0 + $1.weight * $1.probabilities[label] }
        }
        #expect(abs(wanted[0] - expected) < 1e-5)
        #expect(abs(wanted[0] + wanted[1] - 1) < 1e-5)
        // The clip itself stays the louder one.
        #expect(wanted[clip] > 0.4999)
        weights.insert(wanted[0])
      }
    }
    #expect(weights.count > 10)
  }
}
