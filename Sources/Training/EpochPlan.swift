import Features
import LinearAlgebra

/// Which clips an epoch sees and in which batches: clips of like length together, since the
/// recurrent layers take as many steps as a batch's longest clip has; batches in random order.
package struct EpochPlan: Sendable {
  /// Indices of examples: `batchSize` in each batch but the shortest. One that is drawn in several passes is there several times.
  package let batches: [[Int]]

  /// Draws the clips of an epoch. The same seed and epoch give the same plan.
  /// - Parameter epoch: Counted from 0.
  package init(
    _ examples: [TrainingExample], options: TrainingOptions, seed: UInt64, epoch: Int
  ) {
    var random = RandomSource(seed: seed, 0xE90C, epoch)
    let present = (0..<options.passesPerEpoch).flatMap { _ in
      examples.indices.filter { random.chance(examples[$0].samplingRate) }
    }
    let shuffled = present.shuffled(using: &random)
    // Stable within a bucket, so clips of a bucket meet different ones each epoch.
    let grouped = shuffled.enumerated().sorted { a, b in
      let (x, y) = (examples[a.element].bucket, examples[b.element].bucket)
      return (x, a.offset) < (y, b.offset)
    }.map(\.element)
    batches = stride(from: 0, to: grouped.count, by: options.batchSize)
      .map { Array(grouped[$0..<min($0 + options.batchSize, grouped.count)]) }
      .shuffled(using: &random)
  }

  /// Steps of an epoch, about: the number of its clips is drawn. At least 1.
  package static func stepsPerEpoch(_ examples: [TrainingExample], options: TrainingOptions) -> Int
  {
    let clips = examples.reduce(Float(0)) { $0 + $1.samplingRate }
    return max(
      1, Int((clips * Float(options.passesPerEpoch) / Float(options.batchSize)).rounded(.up)))
  }
}

extension TrainingExample {
  fileprivate var bucket: Int { variants[0].frames / 40 }
}
