/// The figures of a model on clips it was not trained on.
public struct EvaluationReport: Codable, Sendable, Equatable {
  public struct Class: Codable, Sendable, Equatable {
    public let label: String
    public let precision: Double
    public let recall: Double
    public let f1: Double
    public let support: Int
  }

  public let clips: Int
  public let speakers: Int
  public let accuracy: Double
  public let accuracyInterval: Interval?
  /// Unweighted average recall.
  public let uar: Double
  public let uarInterval: Interval?
  public let macroF1: Double
  public let weightedF1: Double
  public let expectedCalibrationError: Double
  public let negativeLogLikelihood: Double
  public let classes: [Class]
  public let confusion: ConfusionMatrix

  /// - Parameter bootstrap: How the intervals are found.
  public init(
    labels: [String], outcomes: [ClipResult], bootstrap: SpeakerBootstrap = SpeakerBootstrap()
  ) {
    let matrix = ConfusionMatrix(labels: labels, outcomes: outcomes)
    let interval = { metric in
      bootstrap.interval(of: metric, labels: labels, outcomes: outcomes)
    }
    clips = outcomes.count
    speakers = Set(outcomes.map(\.speaker)).count
    accuracy = matrix.accuracy
    accuracyInterval = interval(\.accuracy)
    uar = matrix.unweightedAverageRecall
    uarInterval = interval(\.unweightedAverageRecall)
    macroF1 = matrix.macroF1
    weightedF1 = matrix.weightedF1
    expectedCalibrationError = Reliability.expectedError(outcomes)
    negativeLogLikelihood = Reliability.negativeLogLikelihood(outcomes)
    classes = labels.indices.map { Class(matrix, $0) }
    confusion = matrix
  }
}

extension EvaluationReport.Class {
  fileprivate init(_ matrix: ConfusionMatrix, _ index: Int) {
    self.init(
      label: matrix.labels[index], precision: matrix.precision(index),
      recall: matrix.recall(index), f1: matrix.f1(index), support: matrix.support(index))
  }
}
