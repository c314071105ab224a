import CommandLineTool
import Corpora
import Reports

/// `emotion-lab explore CORPUS…`: what a corpus holds and how its emotions sound.
enum ExploreCommand: Subcommand {
  static let command = Command(
    "emotion-lab explore",
    summary: "Listen to corpora: counts, durations, pitch, level and timbre by emotion, pictures.",
    operands: .oneOrMore("CORPUS"), options: ReportOptions.all,
    examples: [
      Example("emotion-lab explore ravdess/", "Tables in the terminal"),
      Example("emotion-lab explore ravdess/ --report ravdess.html", "Pictures for a browser"),
      Example(
        "emotion-lab explore ravdess/ --pictures figures --picture-format png", "For a document"),
    ])

  static func run(_ arguments: Arguments) async throws {
    try ReportOptions.check(arguments)
    let corpus = try Corpus(at: arguments.operands)
    let line = ProgressLine("clips", total: corpus.clips.count)
    let survey = try await CorpusSurvey(of: corpus) { line.update($0) }
    for clip in survey.unreadable { Terminal.printError("left out: \(clip)") }
    guard !survey.isEmpty else { throw LabError.nothingToHear }
    Terminal.print(survey.description)
    try ReportOptions.write(Report(survey), arguments)
  }
}
