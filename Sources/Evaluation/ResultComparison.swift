public import CommandLineTool

/// Several results side by side, each tested against the first.
public struct ResultComparison: Codable, Sendable, Equatable {
  /// One result's line.
  public struct Row: Codable, Sendable, Equatable {
    public let title: String
    public let `protocol`: String
    public let seeds: Int
    public let report: EvaluationReport
    public let spread: SeedSpread?
    /// Against the first result; nil for the first, and where there is nothing to compare.
    public let test: PairedComparison?
    /// Why there is no test.
    public let problem: String?
  }

  public let rows: [Row]

  /// - Parameter results: One at least, each with the title it is to have.
  public init(_ results: [(title: String, result: EvaluationResult)]) {
    rows = results.enumerated().map { place, entry in
      let outcome = Result { () throws(ComparisonError) in
        try Self.test(entry.result, against: results[0].result)
      }
      return Row(
        title: entry.title, protocol: entry.result.protocol,
        seeds: Set(entry.result.outcomes.map(\.seed)).count, report: entry.result.report,
        spread: entry.result.spread, test: place == 0 ? nil : try? outcome.get(),
        problem: place == 0 ? nil : outcome.failure.map { "\($0)" })
    }
  }

  private static func test(
    _ result: EvaluationResult, against first: EvaluationResult
  ) throws(ComparisonError) -> PairedComparison {
    guard result.labels == first.labels else { throw .differentLabels }
    return try PairedComparison(
      labels: result.labels, first: first.outcomes, second: result.outcomes)
  }
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}

// MARK: - Tables

extension ResultComparison {
  /// A line for each result.
  public var figures: TextTable {
    var table = TextTable(
      header: [
        "result", "clips", "speakers", "seeds", "UAR", "95 %", "± seeds", "accuracy", "macro F1",
        "weighted F1", "ECE",
      ])
    for row in rows {
      let report = row.report
      table.add(
        [
          row.title, "\(report.clips / max(row.seeds, 1))", "\(report.speakers)", "\(row.seeds)",
          fixed(report.uar), text(report.uarInterval),
          row.spread?.deviation.map { fixed($0.uar) } ?? "-", fixed(report.accuracy),
          fixed(report.macroF1), fixed(report.weightedF1), fixed(report.expectedCalibrationError),
        ])
    }
    return table
  }

  /// A line for each result but the first: how it differs from that one.
  public var tests: TextTable {
    var table = TextTable(
      header: ["against \(rows[0].title)", "clips", "UAR", "95 %", "p by speaker", "McNemar p"])
    for row in rows.dropFirst() {
      guard let test = row.test else {
        table.add([row.title + ": " + (row.problem ?? ""), "0", "-", "-", "-", "-"])
        continue
      }
      table.add([
        row.title, "\(test.clips)", (test.difference > 0 ? "+" : "") + fixed(test.difference),
        text(test.interval), text(test.bootstrapP),
        text(test.mcNemarP),
      ])
    }
    return table
  }

  /// What a reader must know before believing the tables.
  public var notes: [String] {
    let protocols = rows.map { "\($0.title): \($0.protocol)" }
    let differ = Set(rows.map(\.protocol)).count > 1
    let partial = rows.filter { ($0.test?.leftOut ?? 0) > 0 }.map {
      "\($0.title): \($0.test?.leftOut ?? 0) clips that only one judged are not in the test"
    }
    return protocols + (differ ? ["The protocols differ: the figures are not of one kind."] : [])
      + partial
  }

  /// A probability; what the draws cannot tell from nought is below their resolution.
  private func text(_ probability: Double?) -> String {
    probability.map { $0 < 0.001 ? "< 0.001" : fixed($0) } ?? "-"
  }

  private func text(_ interval: Interval?) -> String {
    interval?.text ?? "-"
  }
}
