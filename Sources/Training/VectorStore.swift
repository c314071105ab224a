import Augmentation
package import Features
import LinearAlgebra
import StrictJSON

/// Functionals of all examples and of varied maps of each, computed once for all folds and seeds where they depend on the
/// recordings alone, so that no fold learns of another by them.
package actor VectorStore {
  private var tasks: [String: Task<[TrainingExample], Never>] = [:]

  /// Holds nothing yet.
  package init() {}

  /// The examples with vectors for features, each (1, 1, C).
  /// - Parameters:
  ///   - frontEnd: Of the member, with functionals.
  ///   - channels: Which of the examples' channels the front end takes; nil for all.
  package func examples(
    _ examples: [TrainingExample], _ frontEnd: FrontEnd, channels: [Int]?,
    _ options: TrainingOptions
  ) async -> [TrainingExample] {
    // Statistics are of one training part alone: kept, the vectors of all of them would fill the memory.
    if case .fixed = frontEnd.configuration.normalization {
      return await examples.described(by: frontEnd, channels: channels, options)
    }
    let key =
      "\(frontEnd.configuration.fingerprint) \(options.vectorCopies) "
      + canonicalJSON(options.augmentation)
    let task =
      tasks[key] ?? Task { await examples.described(by: frontEnd, channels: channels, options) }
    tasks[key] = task
    return await task.value
  }
}

extension [TrainingExample] {
  fileprivate func described(
    by frontEnd: FrontEnd, channels: [Int]?, _ options: TrainingOptions
  ) async -> [TrainingExample] {
    await withTaskGroup(of: (Int, TrainingExample).self) { tasks in
      for (index, example) in enumerated() {
        tasks.addTask {
          var random = RandomSource(seed: 0xF04C, index)
          return (index, example.described(by: frontEnd, channels: channels, options, &random))
        }
      }
      return await tasks.reduce(into: self) { $0[$1.0] = $1.1 }
    }
  }
}

extension TrainingExample {
  /// The same example with vectors for features: of each variant as it is, and of so many varied maps of each.
  fileprivate func described(
    by frontEnd: FrontEnd, channels: [Int]?, _ options: TrainingOptions,
    _ random: inout RandomSource
  ) -> TrainingExample {
    func vectors(_ maps: [CompactMap]) -> [CompactMap] {
      let maps = maps.map { $0.map.selecting(channels) }
      let varied = maps.flatMap { map in
        (0..<options.vectorCopies).map { _ in options.augmentation.vary(map, &random) }
      }
      return (maps + varied).map { CompactMap(frontEnd.networkInput(of: $0)) }
    }
    var described = self
    described.variants = vectors(variants)
    described.degraded = vectors(degraded)
    return described
  }
}
