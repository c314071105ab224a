import LinearAlgebra
import NeuralNetwork

/// What one batch teaches: the mean gradient, and how well it was known.
struct TrainingStep: Sendable {
  var gradient: [Float]
  var loss = 0.0
  var weight = 0.0
  var correct = 0
  var clips = 0
  var moments: [BatchMoments] = []

  /// Runs the batch's shards, as many at once as there are cores, and adds up what they give in
  /// their order, so that the sum is the same whichever ends first.
  static func run(
    _ batch: [Int], of examples: [TrainingExample], context: TrainingContext, weights: Weights,
    epoch: Int, step: Int
  ) async -> TrainingStep {
    let size = context.options.shardSize
    let parts = stride(from: 0, to: batch.count, by: size).map {
      batch[$0..<min($0 + size, batch.count)]
    }
    let results = await withTaskGroup(of: (Int, TrainingStep).self) { group in
      for (place, part) in parts.enumerated() {
        group.addTask {
          var random = RandomSource(seed: context.seed, 0x57E9, epoch, step, place)
          let shard = Shard(examples, part, context: context, random: &random)
          return (place, TrainingStep(shard, context, weights, random))
        }
      }
      return await group.reduce(into: [TrainingStep?](repeating: nil, count: parts.count)) {
        $0[$1.0] = $1.1
      }
    }.compactMap(\.self)
    var total = results[0]
    for result in results.dropFirst() { total.add(result) }
    let scale = Float(1 / max(total.weight, 1e-9))
    total.gradient.updateAll { gradient in
      for i in 0..<gradient.count { gradient[i] *= scale }
    }
    return total
  }

  private init(
    _ shard: Shard, _ context: TrainingContext, _ weights: Weights, _ random: RandomSource
  ) {
    let network = context.network
    var pass = TrainingPass(random: random)
    let (logits, tapes) = network.record(shard.batch, weights, &pass)
    let entropy = CrossEntropy(logits, shard.targets)
    gradient = .init(repeating: 0, count: network.layout.parameterCount)
    network.backward(entropy.gradient, tapes, weights, &gradient)
    (loss, weight, correct) = (entropy.loss, entropy.weight, entropy.correct)
    clips = shard.targets.count
    moments = pass.moments
  }

  private mutating func add(_ other: TrainingStep) {
    gradient.updateAll { addScaled(other.gradient.span, 1, to: &$0) }
    loss += other.loss
    weight += other.weight
    correct += other.correct
    clips += other.clips
    moments += other.moments
  }

  /// The factor that brings the gradient down to `limit` if it is longer (Pascanu et al. 2013).
  func clipFactor(_ limit: Float) -> Float {
    let norm = dot(gradient.span, gradient.span).squareRoot()
    return limit > 0 && norm > limit ? limit / norm : 1
  }
}
