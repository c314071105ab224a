import Corpora
public import Evaluation
import Training

extension CrossValidation {
  /// The figures under each degradation, over all folds and seeds; nil where no degradation was asked for.
  /// - Throws: `nothingInCommon` where there is no fold; `differentFacts` where folds of other clips are mixed in.
  public func degradationReports(
    of folds: [FoldReport]
  ) throws(ComparisonError) -> [DegradationReport]? {
    guard let degradations else { return nil }
    let clean = folds.flatMap(\.outcomes)
    return try degradations.degradations.enumerated().map {
      place, degradation throws(ComparisonError) in
      try DegradationReport(
        degradation, labels: experiment.preset.labels.labels,
        outcomes: folds.flatMap { $0.degraded[place] }, clean: clean)
    }
  }
}
