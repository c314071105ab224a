import CommandLineTool
import Corpora
import StrictJSON

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
    Terminal.print(arguments[json] ? try readableJSON(summary) : summary.description)
  }
}
