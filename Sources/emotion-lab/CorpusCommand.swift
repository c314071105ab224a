import CommandLineTool
import Corpora
import FoundationEssentials

/// `emotion-lab corpus PATH…`: what the loaders find, without opening a recording.
enum CorpusCommand: Subcommand {
  private static let json = Option.flag("json", help: "Print JSON instead of tables")

  static let command = Command(
    "emotion-lab corpus",
    summary: "List the clips of corpora: counts by emotion, speaker and sex, and skipped files.",
    operands: .oneOrMore("PATH"), options: [json],
    examples: [
      Example("emotion-lab corpus ravdess/", "What is in a folder"),
      Example("emotion-lab corpus own.csv", "A manifest with the columns path,emotion,speaker"),
      Example(
        "emotion-lab corpus --json ravdess/ | jq '.corpora.ravdess.labels'", "Figures for a script"),
    ])

  static func run(_ arguments: Arguments) throws {
    let corpus = try Corpus(at: arguments.operands)
    let summary = CorpusSummary(clips: corpus.clips, skipped: corpus.skipped)
    Terminal.print(arguments[json] ? try encoded(summary) : summary.description)
  }

  private static func encoded(_ summary: CorpusSummary) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(summary), as: UTF8.self)
  }
}
