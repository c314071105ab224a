package import Training

extension [TrainingExample] {
  /// The examples that teach a network: auxiliary ones as `auxiliary` says. Where all are auxiliary, all teach.
  package func including(_ auxiliary: TrainingOptions.Auxiliary) -> [TrainingExample] {
    switch auxiliary {
    case .included: return self
    case .excluded:
      let others = filter { !$0.isAuxiliary }
      return others.isEmpty ? self : others
    }
  }
}
