import CommandLineTool
internal import Glibc

/// How much a protocol's figures depend on the luck of a training: each seed's, the mean of its parts.
public struct SeedSpread: Codable, Sendable, Equatable {
  public struct Run: Codable, Sendable, Equatable {
    public let seed: UInt64
    /// UAR of each part.
    public let parts: [Double]
    public let figures: Figures<Double>
  }

  public let runs: [Run]
  public let mean: Figures<Double>
  /// That of a sample (n - 1); nil with one seed.
  public let deviation: Figures<Double>?

  /// Nil without reports.
  /// - Parameter reports: What each seed's training of each part reached.
  public init?(_ reports: [(seed: UInt64, report: EvaluationReport)]) {
    guard !reports.isEmpty else { return nil }
    runs = Dictionary(grouping: reports, by: \.seed).sorted { $0.key < $1.key }.map { seed, folds in
      Run(
        seed: seed, parts: folds.map(\.report.uar),
        figures: .mean(folds.map(\.report.figures)))
    }
    let all = runs.map(\.figures)
    mean = .mean(all)
    deviation =
      all.count < 2
      ? nil : Figures { path in sampleDeviation(all.map { $0[keyPath: path] }) }
  }
}

extension EvaluationReport {
  fileprivate var figures: Figures<Double> {
    Figures(
      uar: uar, accuracy: accuracy, macroF1: macroF1, calibrationError: expectedCalibrationError)
  }
}

extension SeedSpread: CustomStringConvertible {
  /// A line for each seed, and one for all.
  public var description: String {
    let lines = runs.map { run in
      "seed \(run.seed): UAR \(fixed(run.figures.uar)), mean of \(run.parts.count) folds: "
        + run.parts.map { fixed($0) }.joined(separator: " ")
    }
    guard let deviation else { return lines.joined(separator: "\n") }
    let pairs = [
      ("UAR", mean.uar, deviation.uar), ("accuracy", mean.accuracy, deviation.accuracy),
      ("macro F1", mean.macroF1, deviation.macroF1),
    ]
    let overall = pairs.map { "\($0) \(fixed($1)) ± \(fixed($2))" }.joined(separator: ", ")
    return (lines + ["mean of seeds: " + overall]).joined(separator: "\n")
  }
}

private func sampleDeviation(_ values: [Double]) -> Double {
  let centre = mean(values)
  return sqrt(values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count - 1))
}
