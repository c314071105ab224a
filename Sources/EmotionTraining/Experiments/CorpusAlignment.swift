import EmotionFeatures

extension [TrainingExample] {
  /// Examples for a group of networks: those of corpora that only help as `helpers` says.
  package func treating(_ helpers: TrainingOptions.Helpers) -> [TrainingExample] {
    let others = filter(\.isHelper)
    guard !others.isEmpty, others.count < count else { return self }
    switch helpers {
    case .heard: return self
    case .leftOut: return filter { !$0.isHelper }
    case .aligned:
      guard let wanted = FeatureStatistics(of: filter { !$0.isHelper }) else { return self }
      let found = Dictionary(grouping: others, by: \.clip.corpus).mapValues {
        FeatureStatistics(of: $0)
      }
      return map { example in
        guard example.isHelper, let own = found[example.clip.corpus] ?? nil else { return example }
        return example.moved(from: own, to: wanted)
      }
    }
  }
}

extension FeatureStatistics {
  /// Of each value of vectors, over the variants that are not degraded, each counting the same.
  fileprivate init?(of examples: [TrainingExample]) {
    var found = Accumulator()
    for example in examples { for variant in example.variants { found.add(variant) } }
    guard let statistics = found.statistics else { return nil }
    self = statistics
  }
}

extension TrainingExample {
  fileprivate func moved(
    from own: FeatureStatistics, to wanted: FeatureStatistics
  ) -> TrainingExample {
    func moved(_ map: FeatureMap) -> FeatureMap {
      var map = map
      for i in map.values.indices {
        // A number that never changes says nothing to anyone.
        let scale = own.deviation[i] > 0 ? wanted.deviation[i] / own.deviation[i] : 0
        map.values[i] = (map.values[i] - own.mean[i]) * scale + wanted.mean[i]
      }
      return map
    }
    var example = self
    example.variants = variants.map(moved)
    example.degraded = degraded.map(moved)
    return example
  }
}
