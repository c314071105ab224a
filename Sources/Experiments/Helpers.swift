package import Training

extension [TrainingExample] {
  /// Examples for a group of networks: those of corpora that only help as `helpers` says. Where there are no others, nobody
  /// is left out.
  package func treating(_ helpers: TrainingOptions.Helpers) -> [TrainingExample] {
    switch helpers {
    case .heard: return self
    case .leftOut:
      let others = filter { !$0.isHelper }
      return others.isEmpty ? self : others
    }
  }
}
