import Corpora
public import Evaluation
import Training

extension CrossValidation {
  /// The figures under each condition, over all folds and seeds; nil where no condition was asked for.
  public func conditionReports(
    of folds: [FoldReport]
  ) throws(ComparisonError) -> [ConditionReport]? {
    guard let conditions else { return nil }
    let clean = folds.flatMap(\.outcomes)
    return try conditions.conditions.enumerated().map { place, condition throws(ComparisonError) in
      try ConditionReport(
        condition, labels: experiment.preset.labels.labels,
        outcomes: folds.flatMap { $0.conditioned[place] }, clean: clean)
    }
  }
}
