import CommandLineTool
import Corpora
import EmotionModel
import Evaluation
import Experiments
import Features
import FileIO
import FoundationEssentials
import Reports
import StrictJSON
import Training

/// `emotion-lab train CORPUS…`: one weights file from recordings.
enum TrainCommand: Subcommand {
  private static let output = Option(
    "output", .file, default: "model.safetensors", help: "Weights file to write")
  private static let name = Option<String?>.optional(
    "name", .text(), help: "Name of the model, instead of the preset's")
  private static let validation = Option<Double?>.optional(
    "validation", .number(0...0.9),
    help: "Fraction of the training speakers held out for early stopping and calibration, "
      + "instead of the preset's; 0 trains on all")
  private static let seed = Option(
    "seed", .integer(0...Int.max), default: 1, help: "The same seed gives the same weights")
  private static let exclude = Option<[String]>.repeated(
    "exclude", .text("SPEAKER"),
    help: "Leaves a speaker out of the training, such as ravdess/01; may be given again")
  private static let resume = Option<Bool>.flag(
    "resume", help: "Go on from the checkpoint beside --output")

  static let command = Command(
    "emotion-lab train", summary: "Train a network from scratch and write its weights file.",
    operands: .oneOrMore("CORPUS"),
    options: [output, name, validation, seed, exclude, resume]
      + ExperimentOptions.all + ReportOptions.all,
    examples: [
      Example("emotion-lab train ravdess/ --output my.safetensors", "Train the default network"),
      Example("emotion-lab train ravdess/ --output my.safetensors --resume", "Go on after Ctrl-C"),
      Example("emotion-lab train ravdess/ --report training.html", "With curves and confusion"),
      Example("emotion-server --model my.safetensors", "Serve it"),
    ])

  static func run(_ arguments: Arguments) async throws {
    let path = arguments[output]
    try File(path).checkWritable()
    try ReportOptions.check(arguments)
    let experiment = try await ExperimentOptions.experiment(arguments)
    let (training, deciding) = try parts(experiment, arguments)
    let checkpoint = CheckpointFile(path + ".checkpoint")
    Interruption.watch()
    let line = ProgressLine("epoch", total: experiment.preset.epochs)
    var done = 0
    let seed = UInt64(arguments[seed])
    let fitted = try await experiment.fit(
      training: training, validation: deciding, seed: seed,
      control: .init(
        checkpoint: checkpoint, resuming: arguments[resume],
        shouldStop: { Interruption.isRequested },
        onEpoch: { report in
          done += 1
          if Terminal.showsErrors {
            line.update(done, note: report.line)
          } else {
            Terminal.printError("\(report.line) \(fixed(report.seconds, 1)) s")
          }
        }))
    if fitted.trainings[0].history.isEmpty { throw LabError.interrupted }
    var model = try ModelFile(
      name: arguments[name] ?? experiment.preset.name, labels: experiment.preset.labels.labels,
      members: fitted.members.map { member in
        .init(
          name: member.id, weight: member.weight,
          features: member.frontEnd.configuration.fingerprint, network: member.network,
          weights: member.weights)
      },
      calibration: .init(temperature: Float(fitted.temperature.temperature)))
    model.provenance = provenance(experiment, fitted, seed)
    try model.write(to: path)
    try writeHistory(fitted.trainings.map(\.history), to: path + ".history.json")
    if fitted.wasInterrupted { throw LabError.stopped(kept: path) }
    experiment.removeCheckpoints(checkpoint)
    Terminal.printError(
      "wrote \(path): weights of epoch "
        + fitted.trainings.map { "\($0.epoch)" }.joined(separator: ", "))
    if deciding.isEmpty {
      Terminal.printError(
        "no speakers were held out, so the probabilities are not calibrated: --validation 0.15 holds some out, "
          + "'emotion-lab annotate' writes the temperature that a benchmark found")
    }
    try ReportOptions.write(report(model, fitted, experiment), arguments)
  }

  private static func report(
    _ model: ModelFile, _ fitted: FittedModel, _ experiment: Experiment
  ) -> Report {
    let histories = fitted.trainings.map(\.history)
    guard !fitted.validation.isEmpty else { return Report(trainingOf: model.name, histories) }
    let traces = AttentionTraces(model)
    let result = EvaluationResult(
      name: model.name,
      protocol:
        "The held-out speakers, who chose the epoch and the temperature: not in the training, "
        + "yet expect less on others.",
      labels: model.labels, outcomes: fitted.validation)
    return Report(
      result, histories: histories, traces: traces(fitted.validation, labels: model.labels))
  }

  /// Speakers to train on, and speakers to validate on. Those of auxiliary corpora are always trained on.
  private static func parts(
    _ experiment: Experiment, _ arguments: Arguments
  ) throws -> (training: [Int], validation: [Int]) {
    let clips = experiment.examples.map(\.clip)
    for speaker in arguments[exclude] where !clips.contains(where: { $0.speaker == speaker }) {
      throw LabError.noSpeaker(speaker)
    }
    let kept = clips.indices.filter { !arguments[exclude].contains(clips[$0].speaker) }
    guard !kept.isEmpty else { throw LabError.nothingToLearn }
    let fraction = arguments[validation] ?? experiment.preset.validation
    guard fraction > 0 else { return (kept, []) }
    var own = kept.filter { !experiment.examples[$0].isAuxiliary }
    if own.isEmpty { own = kept }
    let auxiliary = own == kept ? [] : kept.filter { experiment.examples[$0].isAuxiliary }
    let split = try EvaluationProtocol.validationSplit(
      of: own.map { clips[$0] }, fraction: fraction, seed: UInt64(arguments[seed]))
    return (split.training.map { own[$0] } + auxiliary, split.validation.map { own[$0] })
  }

  private static func provenance(
    _ experiment: Experiment, _ fitted: FittedModel, _ seed: UInt64
  ) -> Provenance {
    let clips = fitted.taught.map { experiment.examples[$0].clip }
    var provenance = Provenance()
    provenance.corpora = Set(clips.map(\.corpus)).sorted()
    provenance.speakers = Set(clips.map(\.speaker)).sorted()
    provenance.clips = clips.count
    provenance.licence = PublishedCorpus.licenceSummary(of: provenance.corpora)
    provenance.seed = seed
    provenance.date = Date.now.formatted(.iso8601.year().month().day())
    let kept = fitted.trainings.compactMap { member in
      member.history.first { $0.epoch == member.epoch }
    }
    let recalls = kept.compactMap(\.validationUAR)
    if !recalls.isEmpty {
      provenance.metrics["validationUAR"] = recalls.reduce(0, +) / Double(recalls.count)
    }
    return provenance
  }

  private static func writeHistory(_ history: [[EpochReport]], to path: String) throws {
    try File(path).replace(with: Array(readableJSON(history).utf8))
  }
}
