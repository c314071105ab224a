import CommandLineTool
import Corpora
import EmotionModel
import Evaluation
import FileIO
import Recognition
import Reports

/// `emotion-lab evaluate CORPUS…`: how good a weights file is on recordings with known emotions.
enum EvaluateCommand: Subcommand {
  private static let model = Option(
    "model", .file, default: "models/emotion.safetensors", help: "Weights file to judge")
  private static let speakers = Option<[String]>.repeated(
    "speaker", .text("SPEAKER"), help: "Only this speaker, such as ravdess/01; may be given again")
  private static let output = Option<String?>.optional(
    "output", .file, help: "Writes the result as JSON, for 'emotion-lab compare'")

  static let command = Command(
    "emotion-lab evaluate", summary: "Judge a weights file on recordings whose emotion is known.",
    operands: .oneOrMore("CORPUS"), options: [model, speakers, output] + ReportOptions.all,
    examples: [
      Example(
        "emotion-lab evaluate ravdess/ --speaker ravdess/01 --speaker ravdess/02", "Two actors"),
      Example("emotion-lab evaluate own.csv --output result.json", "Own recordings, by a manifest"),
      Example("emotion-lab evaluate own/ --report own.html", "With pictures, for a browser"),
    ])

  static func run(_ arguments: Arguments) async throws {
    try ReportOptions.check(arguments)
    if let path = arguments[output] { try File(path).checkWritable() }
    let recognizer = try Recognizer(modelAt: arguments[model])
    let labels = LabelSet(recognizer.labels)
    let corpus = try Corpus(at: arguments.operands)
    var clips = labels.clips(among: corpus.clips)
    for speaker in arguments[speakers] where !clips.contains(where: { $0.speaker == speaker }) {
      throw LabError.noSpeaker(speaker)
    }
    if !arguments[speakers].isEmpty {
      clips = clips.filter { arguments[speakers].contains($0.speaker) }
    }
    warnOfKnownSpeakers(clips, recognizer)
    let outcomes = await judge(clips, labels, recognizer)
    guard !outcomes.isEmpty else { throw LabError.nothingToJudge }
    let result = EvaluationResult(
      name: recognizer.identity.name, protocol: "named recordings", labels: labels.labels,
      outcomes: outcomes)
    Terminal.print(result.report.description)
    if let path = arguments[output] { try result.write(to: path) }
    try ReportOptions.write(
      Report(result, traces: traces(outcomes, arguments[model], recognizer)), arguments)
  }

  private static func traces(
    _ outcomes: [ClipResult], _ path: String, _ recognizer: Recognizer
  ) throws -> [(title: String, trace: AttentionTrace)] {
    AttentionTraces(try ModelFile(at: path))(outcomes, labels: recognizer.labels)
  }

  /// A number on voices the network has learnt by heart says nothing of new ones.
  private static func warnOfKnownSpeakers(_ clips: [Clip], _ recognizer: Recognizer) {
    let known = Set(clips.map(\.speaker)).intersection(recognizer.provenance.speakers)
    guard !known.isEmpty else { return }
    Terminal.printError(
      "warning: the model was trained on \(known.count) of these speakers; "
        + "on new voices expect less")
  }

  private static func judge(
    _ clips: [Clip], _ labels: LabelSet, _ recognizer: Recognizer
  ) async -> [ClipResult] {
    let line = ProgressLine("clips", total: clips.count)
    return await withTaskGroup(of: (Int, Result<Prediction, UnreadableRecording>).self) { group in
      for (place, clip) in clips.enumerated() {
        group.addTask { (place, recognizer.result(forFile: clip.path)) }
      }
      var outcomes = [ClipResult?](repeating: nil, count: clips.count)
      var done = 0
      for await (place, result) in group {
        done += 1
        line.update(done)
        switch result {
        case .failure(let error): Terminal.printError("left out: \(error)")
        case .success(let prediction):
          let clip = clips[place]
          guard let target = labels.index(of: clip) else { continue }
          outcomes[place] = ClipResult(
            clip: clip.path, speaker: clip.speaker, target: target,
            probabilities: prediction.scores.map(\.probability))
        }
      }
      return outcomes.compactMap(\.self)
    }
  }
}
