import CommandLineTool
import Corpora
import EmotionModel
import Evaluation

/// `emotion-lab annotate MODEL`: notes in a weights file how good its context was found to be.
enum AnnotateCommand: Subcommand {
  private static let result = Option<String>.required(
    "result", .file, help: "Result of cross-validating the same preset")

  static let command = Command(
    "emotion-lab annotate",
    summary: "Write a cross-validation's protocol and figures into a weights file.",
    operands: .exactly(["MODEL"]), options: [result],
    examples: [
      Example(
        "emotion-lab annotate my.safetensors --result folds.json", "After cross-validate --output")
    ])

  static func run(_ arguments: Arguments) throws {
    let path = arguments.operands[0]
    var model = try ModelFile(at: path)
    let result = try EvaluationResult(contentsOf: arguments[result])
    let folds = result.parts.values.map(\.uar)
    model.provenance.licence = PublishedCorpus.licenceSummary(of: model.provenance.corpora)
    model.provenance.protocol = result.protocol
    model.provenance.metrics["accuracy"] = result.report.accuracy
    model.provenance.metrics["calibrationError"] = result.report.expectedCalibrationError
    model.provenance.metrics["uar"] = folds.reduce(0, +) / Double(max(folds.count, 1))
    try model.write(to: path)
  }
}
