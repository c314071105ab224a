import CommandLineTool
import Evaluation
import StrictJSON

/// `emotion-lab compare RESULT…`: which of several models is better, and whether it could be luck.
enum CompareCommand: Subcommand {
  private enum Format: String, CaseIterable, Sendable {
    case text, markdown, json
  }

  private static let format = Option(
    "format", ValueFormat<Format>.choice, default: .text, help: "Format of the tables")

  static let command = Command(
    "emotion-lab compare",
    summary:
      "Compare results: figures side by side, and each tested against the first, clip by clip.",
    operands: .oneOrMore("RESULT"), options: [format],
    examples: [
      Example(
        "emotion-lab compare default.json mine.json",
        "Results that cross-validate or evaluate wrote with --output"),
      Example("emotion-lab compare --format markdown *.json", "A table for a README"),
    ])

  static func run(_ arguments: Arguments) throws {
    let paths = arguments.operands
    let results = try paths.map { try EvaluationResult(contentsOf: $0) }
    // Two results of one model go by their files' names too.
    let names = results.map(\.name)
    let titles = zip(names, paths).map { name, path in
      names.count { $0 == name } > 1 ? "\(name) (\(path))" : name
    }
    let comparison = ResultComparison(zip(titles, results).map { ($0, $1) })
    Terminal.print(try text(comparison, arguments[format]))
  }

  private static func text(_ comparison: ResultComparison, _ format: Format) throws -> String {
    let tables =
      [comparison.figures] + (comparison.rows.count > 1 ? [comparison.tests] : [])
    switch format {
    case .text:
      return (tables.map(\.text) + [comparison.notes.joined(separator: "\n")])
        .joined(separator: "\n")
    case .markdown:
      return (tables.map(\.markdown) + [comparison.notes.map { "- \($0)" }.joined(separator: "\n")])
        .joined(separator: "\n")
    case .json: return try readableJSON(comparison)
    }
  }
}
