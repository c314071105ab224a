import CommandLineTool
import EmotionTraining
import FileIO
import Synchronization

/// `emotion-lab cross-validate CORPUS…`: how good a system is on voices it has not heard.
enum CrossValidateCommand: Subcommand {
  private enum Protocols: String, CaseIterable, Sendable {
    case speakers
    case leaveOneOut = "leave-one-out"
    case random
  }

  private static let folds = Option<String?>.optional(
    "folds", .file, help: "JSON file of fixed folds of speakers; other corpora only train")
  private static let scheme = Option(
    "protocol", ValueFormat<Protocols>.choice, default: .speakers,
    help: "How clips are parted, without --folds")
  private static let count = Option(
    "k", .integer(2...1000), default: 5, help: "Folds, for the protocol 'speakers'")
  private static let validation = Option<Double?>.optional(
    "validation", .number(0.01...0.9),
    help: "Share of a training part's speakers that decides on early stopping and temperature, "
      + "instead of the preset's")
  private static let seeds = Option(
    "seeds", .integer(1...100), default: 1, help: "Trainings of each fold, from seed 1 on")
  private static let only = Option<[Int]>.repeated(
    "only", .integer(1...1000), help: "Runs this fold alone; may be given again")
  private static let output = Option<String?>.optional(
    "output", .file, help: "Writes the result as JSON, for 'emotion-lab compare'")

  static let command = Command(
    "emotion-lab cross-validate",
    summary: "Train once a fold and judge each on speakers it has not heard.",
    operands: .oneOrMore("CORPUS"),
    options: [folds, scheme, count, validation, seeds, only, output, ExperimentOptions.jobs]
      + ExperimentOptions.all,
    examples: [
      Example(
        "emotion-lab cross-validate --folds folds.json ravdess/", "Fixed folds of speakers"),
      Example(
        "emotion-lab cross-validate --folds folds.json ravdess/ nemo/ --share nemo=0.5",
        "With another corpus's speakers in training"),
      Example("emotion-lab cross-validate --protocol random ravdess/", "What leaky splits report"),
    ])

  static func run(_ arguments: Arguments) async throws {
    if let path = arguments[output] {
      do { try File(path).checkReplaceable() } catch { throw LabError.unwritable(error) }
    }
    let scheme = try scheme(arguments)
    let experiment = try await ExperimentOptions.experiment(arguments)
    if !scheme.isSpeakerIndependent {
      Terminal.printError(
        "warning: the same speakers are in training and test; on new voices expect far less")
    }
    var splits = try scheme.splits(
      of: experiment.examples.map(\.clip),
      validation: arguments[validation] ?? experiment.preset.training.validation, seed: 1)
    if let missing = arguments[only].first(where: { $0 > splits.count }) {
      throw LabError.noFold(missing, of: splits.count)
    }
    if !arguments[only].isEmpty {
      splits = splits.enumerated().filter { arguments[only].contains($0.offset + 1) }.map(\.element)
    }
    let reports = try await train(experiment, splits, arguments)
    guard !reports.isEmpty else { throw LabError.interrupted }
    let result = EvaluationResult(
      name: experiment.preset.name, protocol: describe(scheme, arguments),
      labels: experiment.preset.labels.labels, outcomes: reports.flatMap(\.outcomes),
      parts: Dictionary(
        reports.map { ("seed \($0.seed), \($0.split.name)", $0.report) },
        uniquingKeysWith: { $1 }))
    Terminal.print(result.report.description)
    Terminal.print(summary(reports, experiment))
    if let path = arguments[output] { try result.write(to: path) }
  }

  private static func scheme(_ arguments: Arguments) throws -> EvaluationProtocol {
    if let path = arguments[folds] { return .fixedFolds(try Folds(contentsOf: path)) }
    return switch arguments[scheme] {
    case .speakers: .speakerFolds(count: arguments[count])
    case .leaveOneOut: .leaveOneSpeakerOut
    case .random: .random(testFraction: 0.2)
    }
  }

  private static func describe(_ scheme: EvaluationProtocol, _ arguments: Arguments) -> String {
    switch scheme {
    case .fixedFolds(let folds): folds.protocol
    case .random: "random split: speakers leak"
    case .leaveOneSpeakerOut: "speaker-independent, leave one speaker out"
    default: "speaker-independent, \(arguments[count]) folds"
    }
  }

  private static func train(
    _ experiment: Experiment, _ splits: [Split], _ arguments: Arguments
  ) async throws -> [FoldReport] {
    Interruption.watch()
    let seeds = (1...arguments[seeds]).map { UInt64($0) }
    let validation = CrossValidation(
      experiment: experiment, splits: splits, seeds: seeds,
      jobs: arguments[ExperimentOptions.jobs])
    let training = experiment.preset.training
    let total = seeds.count * splits.count * training.epochs * training.members
    let progress = Mutex((line: ProgressLine("epochs", total: total), done: 0))
    return try await validation.run(
      shouldStop: { Interruption.isRequested },
      onEpoch: { _, split, report in
        progress.withLock {
          $0.done += 1
          $0.line.update($0.done, note: "(\(split.name): \(report.line))")
        }
      },
      onFold: { fold in
        Terminal.printError(
          "seed \(fold.seed), \(fold.split.name): UAR \(fixed(fold.report.uar)), accuracy "
            + "\(fixed(fold.report.accuracy)), best epoch "
            + fold.epochs.map { "\($0)" }.joined(separator: ", "))
      })
  }

  /// The mean over the folds of each seed, and of the seeds.
  private static func summary(_ reports: [FoldReport], _ experiment: Experiment) -> String {
    let bySeed = Dictionary(grouping: reports, by: \.seed).sorted { $0.key < $1.key }
    let means = bySeed.map { mean($0.value.map(\.report.uar)) }
    let lines = zip(bySeed, means).map { seed, uar in
      "seed \(seed.key): UAR \(fixed(uar)), mean of \(seed.value.count) folds: "
        + seed.value.map { fixed($0.report.uar) }.joined(separator: " ")
    }
    let spread = mean(means.map { ($0 - mean(means)) * ($0 - mean(means)) }).squareRoot()
    let overall =
      means.count > 1 ? ["mean of seeds: UAR \(fixed(mean(means))) ± \(fixed(spread))"] : []
    return (lines + overall).joined(separator: "\n")
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(values.count, 1))
  }
}

extension EpochReport {
  /// A few words for a progress line.
  var line: String {
    "epoch \(epoch)/\(epochs) loss \(fixed(trainingLoss)) accuracy \(fixed(trainingAccuracy))"
      + (validationUAR.map {
        " validation loss \(fixed(validationLoss ?? 0)) UAR \(fixed($0))\(isBest ? " *" : "")"
      } ?? "")
  }
}
