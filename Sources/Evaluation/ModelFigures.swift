internal import FileIO
internal import FoundationEssentials

/// What a weights file says of the result that its preset was measured with.
public struct ModelFigures: Sendable, Equatable {
  /// The labels that the result is about, in the order of the model's outputs.
  public let labels: [String]
  /// A sentence on how clips were parted.
  public let `protocol`: String
  /// Figures by name, such as `uar`.
  public let metrics: [String: Double]
  /// Found by the result for a model that is trained on everything; nil where the training itself finds one.
  public let temperature: Double?

  /// Of a cross-validation or an evaluation. UAR is the mean of its parts, such as folds.
  public init(_ result: EvaluationResult) {
    labels = result.labels
    self.protocol = result.protocol
    let parts = result.parts.values.map(\.uar)
    metrics = [
      "accuracy": result.report.accuracy,
      "calibrationError": result.report.expectedCalibrationError,
      "uar": parts.isEmpty ? result.report.uar : mean(parts),
    ]
    temperature = nil
  }

  /// Of a benchmark: means over corpora, of unseen speakers and of corpora never heard.
  public init(_ result: BenchmarkResult) {
    labels = result.labels
    var metrics: [String: Double] = [:]
    if let heard = result.folds?.mean.figures {
      metrics["uar"] = heard.uar
      metrics["accuracy"] = heard.accuracy
      metrics["calibrationError"] = heard.calibrationError
    }
    if let never = result.neverHeard?.mean.figures {
      metrics["neverHeardUAR"] = never.uar
      metrics["neverHeardCalibrationError"] = never.calibrationError
    }
    self.metrics = metrics
    let seeds = result.seeds.count == 1 ? "one seed" : "\(result.seeds.count) seeds"
    self.protocol =
      "emotion-lab benchmark, \(seeds): uar is of unseen speakers, neverHeardUAR of corpora that were left out of "
      + "training; means over corpora, among each corpus's own labels"
    temperature = result.temperature
  }

  /// Reads what `cross-validate --output`, `evaluate --output` or `benchmark --json` wrote.
  public init(contentsOf path: String) throws(ResultFileError) {
    if let benchmark = try? readResult(BenchmarkResult.self, at: path) {
      self.init(benchmark)
    } else {
      self.init(try EvaluationResult(contentsOf: path))
    }
  }
}
