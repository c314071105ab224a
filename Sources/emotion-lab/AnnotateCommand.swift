import CommandLineTool
import Corpora
import EmotionModel
import Evaluation

/// `emotion-lab annotate MODEL`: notes in a weights file how good its context was found to be.
enum AnnotateCommand: Subcommand {
  private static let result = Option<String>.required(
    "result", .file,
    help: "What benchmark --json or cross-validate --output wrote, of the same preset")

  static let command = Command(
    "emotion-lab annotate",
    summary: "Write a result's protocol, figures and temperature into a weights file.",
    operands: .exactly(["MODEL"]), options: [result],
    examples: [
      Example(
        "emotion-lab annotate my.safetensors --result table.json",
        "After benchmark --json; also writes the temperature that its folds gave"),
      Example(
        "emotion-lab annotate my.safetensors --result folds.json", "After cross-validate --output"),
    ])

  static func run(_ arguments: Arguments) throws {
    let path = arguments.operands[0]
    var model = try ModelFile(at: path)
    let figures = try ModelFigures(contentsOf: arguments[result])
    guard figures.labels == model.labels else {
      throw LabError.otherLabels(result: figures.labels, model: model.labels)
    }
    model.provenance.licence = PublishedCorpus.licenceSummary(of: model.provenance.corpora)
    model.provenance.protocol = figures.protocol
    model.provenance.metrics.merge(figures.metrics) { _, measured in measured }
    if let temperature = figures.temperature {
      model.calibration.temperature = Float(temperature)
    }
    try model.write(to: path)
  }
}
