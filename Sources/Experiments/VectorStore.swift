import Augmentation
import Evaluation
import Features
import LinearAlgebra
import NeuralNetwork
import Training

/// Functionals of all examples and of their augmented copies, computed once for all folds and seeds where they depend on the
/// recordings alone, so that no fold learns of another by them.
actor VectorStore {
  private struct Key: Hashable {
    let place: Int
    let frontEnd: String
  }

  private var tasks: [Key: Task<[TrainingExample], Never>] = [:]

  /// What a group of networks learns from: the examples themselves, or their functionals.
  func examples(
    of group: MemberGroup, at place: Int, _ examples: [TrainingExample], _ frontEnd: FrontEnd
  ) async throws(FeatureError) -> [TrainingExample] {
    guard let functionals = group.functionals else { return examples }
    let heard = try group.selecting(frontEnd)
    func describe() async -> [TrainingExample] {
      await examples.described(by: functionals, heard, planes: group.planes, group.options)
    }
    // Statistics are of one training part alone: kept, the vectors of all of them would fill the memory.
    if case .fixed = heard.configuration.normalization { return await describe() }
    let key = Key(place: place, frontEnd: heard.configuration.fingerprint)
    let task = tasks[key] ?? Task { await describe() }
    tasks[key] = task
    return await task.value
  }
}

extension [TrainingExample] {
  fileprivate func described(
    by functionals: Network, _ frontEnd: FrontEnd, planes: [Int]?, _ options: TrainingOptions
  ) async -> [TrainingExample] {
    await withTaskGroup(of: (Int, TrainingExample).self) { tasks in
      for (index, example) in enumerated() {
        tasks.addTask {
          (
            index,
            example.described(
              by: functionals, frontEnd, planes: planes, options, index: index)
          )
        }
      }
      return await tasks.reduce(into: self) { $0[$1.0] = $1.1 }
    }
  }
}

extension TrainingExample {
  /// The same example with vectors for features: of each variant as it is, and of so many augmented copies of each.
  fileprivate func described(
    by functionals: Network, _ frontEnd: FrontEnd, planes: [Int]?, _ options: TrainingOptions,
    index: Int
  ) -> TrainingExample {
    var random = RandomSource(seed: 0xF04C, index)
    let weights = functionals.initialWeights(seed: 0)
    func vector(_ map: FeatureMap) -> FeatureMap {
      let answer = functionals.forward(Batch([frontEnd.normalized(map)]), weights)
      return FeatureMap(frames: 1, bands: 1, channels: answer.channels, values: answer.values)
    }
    var described = self
    func vectors(_ maps: [FeatureMap]) -> [FeatureMap] {
      let maps = maps.map { $0.selecting(planes) }
      return maps.map(vector)
        + maps.flatMap { map in
          (0..<options.copies).map { _ in vector(options.augmentation.vary(map, &random)) }
        }
    }
    described.variants = vectors(variants)
    described.degraded = vectors(degraded)
    return described
  }
}
