public import Augmentation
import CommandLineTool

/// How good a model is when recordings are what they are outside a studio.
public struct DegradationReport: Codable, Sendable, Equatable {
  public let degradation: Degradation
  public let clips: Int
  /// Unweighted average recall.
  public let uar: Double
  public let uarInterval: Interval?
  public let accuracy: Double
  public let expectedCalibrationError: Double
  /// UAR less that of the same clips as they were recorded.
  public let difference: Double
  /// Of the difference, speakers resampled.
  public let differenceInterval: Interval?

  /// Throws when `outcomes` are of other clips than `clean`.
  public init(
    _ degradation: Degradation, labels: [String], outcomes: [ClipResult], clean: [ClipResult],
    bootstrap: SpeakerBootstrap = SpeakerBootstrap()
  ) throws(ComparisonError) {
    let report = EvaluationReport(labels: labels, outcomes: outcomes, bootstrap: bootstrap)
    let comparison = try PairedComparison(
      labels: labels, first: clean, second: outcomes, bootstrap: bootstrap)
    self.degradation = degradation
    clips = report.clips
    uar = report.uar
    uarInterval = report.uarInterval
    accuracy = report.accuracy
    expectedCalibrationError = report.expectedCalibrationError
    difference = comparison.difference
    differenceInterval = comparison.interval
  }
}

extension EvaluationResult {
  /// A line for each degradation, after one for the recordings as they are; empty when there was none.
  public var degradationTable: [[String]] {
    guard let degradations, !degradations.isEmpty else { return [] }
    let clean = ["as recorded", fixed(report.uar), report.uarInterval?.text ?? "", "", ""]
    return [clean]
      + degradations.map {
        [
          "\($0.degradation)", fixed($0.uar), $0.uarInterval?.text ?? "", signed($0.difference),
          $0.differenceInterval.map { "\(signed($0.lower)) to \(signed($0.upper))" } ?? "",
        ]
      }
  }

  /// The same to read in a terminal.
  public var degradationText: String {
    var table = TextTable(header: Self.degradationHeader)
    for row in degradationTable { table.add(row) }
    return table.text
  }

  public static let degradationHeader = ["degradation", "UAR", "95 %", "difference", "95 %"]
}

private func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + fixed(value) }
