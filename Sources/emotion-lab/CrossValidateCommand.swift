import Augmentation
import CommandLineTool
import Corpora
import Evaluation
import Experiments
import FileIO
import Reports
import Synchronization
import Training

/// `emotion-lab cross-validate CORPUS…`: how good a system is on speakers that were not in its training.
enum CrossValidateCommand: Subcommand {
  private static let validation = Option<Double?>.optional(
    "validation", .number(0.01...0.9),
    help: "Fraction of a training part's speakers held out for early stopping and calibration, "
      + "instead of the preset's")
  private static let seeds = Option(
    "seeds", .integer(1...100), default: 1,
    help: "Number of repetitions, each with another seed for training and for random splits")
  private static let firstSeed = Option(
    "first-seed", .integer(1...1_000_000), default: 1,
    help: "The first seed; with others than those of a choice, the choice is tested on new splits")
  private static let only = Option<[Int]>.repeated(
    "only", .integer(1...1000), help: "Runs this fold alone; may be given again")
  private static let degradations = Option<[String]>.repeated(
    "degradation", .text("all|DEGRADATION"),
    help: "Also measures degraded recordings, or all ten degradations; may be given again: "
      + Degradation.forms)
  private static let keep = Option<String?>.optional(
    "keep", .folder,
    help:
      "Stores each finished fold in this folder, and reuses folds that the same program stored for the "
      + "same preset and clips: an interrupted run goes on")
  private static let output = Option<String?>.optional(
    "output", .file, help: "Writes the result as JSON, for 'emotion-lab compare'")

  static let command = Command(
    "emotion-lab cross-validate",
    summary:
      "Train once per fold and evaluate each model on speakers that were not in its training.",
    operands: .oneOrMore("CORPUS"),
    options: ProtocolOptions.all + [
      validation, seeds, firstSeed, only, degradations, keep, output, ExperimentOptions.jobs,
    ]
      + ExperimentOptions.all + ReportOptions.all,
    examples: [
      Example(
        "emotion-lab cross-validate --folds folds.json ravdess/", "Fixed folds of speakers"),
      Example(
        "emotion-lab cross-validate --folds folds.json ravdess/ nemo/ --sampling-rate nemo=0.5",
        "With another corpus's speakers in training"),
      Example(
        "emotion-lab cross-validate --folds joint.json ravdess/ crema-d/ tess/",
        "Folds of several corpora: each fold tests speakers of all"),
      Example(
        "emotion-lab cross-validate --protocol leave-one-out emodb/", "A fold for each speaker"),
      Example(
        "emotion-lab cross-validate --test-on emodb ravdess/ nemo/ emodb/",
        "From some corpora to another"),
      Example("emotion-lab cross-validate --protocol random ravdess/", "What leaky splits report"),
      Example(
        "emotion-lab cross-validate --protocol random --seeds 6 --first-seed 5 ravdess/",
        "On splits 5 to 10, when a choice was made on 1 to 4"),
      Example(
        "emotion-lab cross-validate --folds folds.json ravdess/ --degradation all",
        "Also with telephone, MP3, noise and a room"),
      Example(
        "emotion-lab cross-validate --seeds 3 --keep folds/ --output result.json ravdess/",
        "Can be interrupted and goes on"),
    ])

  static func run(_ arguments: Arguments) async throws {
    try ReportOptions.check(arguments)
    if let path = arguments[output] { try File(path).checkWritable() }
    let store = try arguments[keep].map { try FoldStore($0, warn: { Terminal.printError($0) }) }
    // Before features are computed: a mistyped protocol should not cost that time.
    _ = try ProtocolOptions.scheme(arguments, corpora: [])
    let wanted = try self.degradations(arguments)
    let experiment = try await ExperimentOptions.experiment(arguments)
    let scheme = try ProtocolOptions.scheme(
      arguments, corpora: Set(experiment.examples.map(\.clip.corpus)))
    if !scheme.isSpeakerIndependent {
      Terminal.printError(
        "warning: the same speakers are in training and test; on new voices expect far less")
    }
    let first = arguments[firstSeed]
    let seeds = (first..<first + arguments[seeds]).map { UInt64($0) }
    var splits = try seeds.map { try self.splits(scheme, experiment, seed: $0, arguments) }
    let degradations =
      wanted.isEmpty
      ? nil : try ExperimentOptions.clips(of: experiment, under: wanted, arguments)
    if let degradations {
      splits = try await testable(splits, experiment.examples, under: degradations)
    }
    let validation = CrossValidation(
      experiment: experiment, seeds: seeds, splits: splits, jobs: arguments[ExperimentOptions.jobs],
      degradations: degradations, store: store)
    let reports = try await train(validation)
    guard !reports.isEmpty else { throw LabError.interrupted }
    let folds = validation.known.count
    let isCutShort = reports.count < folds
    let result = EvaluationResult(
      name: experiment.preset.name,
      protocol: "\(scheme)" + (isCutShort ? ", stopped after \(reports.count) of \(folds)" : ""),
      labels: experiment.preset.labels.labels, outcomes: reports.flatMap(\.outcomes),
      parts: Dictionary(
        reports.map { ("seed \($0.seed), \($0.split.name)", $0.report) },
        uniquingKeysWith: { $1 }),
      spread: SeedSpread(reports.map { ($0.seed, $0.report) }),
      degradations: try validation.degradationReports(of: reports))
    Terminal.print(result.report.description)
    if !result.degradationTable.isEmpty { Terminal.print(result.degradationText) }
    Terminal.print(result.spread?.description ?? "")
    if let path = arguments[output] { try result.write(to: path) }
    try ReportOptions.write(
      Report(result, histories: reports.flatMap(\.histories)), arguments)
    if isCutShort {
      throw LabError.cutShort(done: reports.count, folds: folds, isKept: store != nil)
    }
  }

  /// The folds that `--only` leaves.
  private static func splits(
    _ scheme: EvaluationProtocol, _ experiment: Experiment, seed: UInt64, _ arguments: Arguments
  ) throws -> [Split] {
    let all = try scheme.splits(
      of: experiment.examples.map(\.clip),
      validation: arguments[validation] ?? experiment.preset.validation, seed: seed)
    let wanted = arguments[only]
    if let missing = wanted.first(where: { $0 > all.count }) {
      throw LabError.noFold(missing, of: all.count)
    }
    return wanted.isEmpty ? all : all.indices.filter { wanted.contains($0 + 1) }.map { all[$0] }
  }

  /// The splits without tests of clips that give no features under a degradation, which are named. Before anything is trained:
  /// one bad clip should not cost the trainings.
  private static func testable(
    _ splits: [[Split]], _ examples: [TrainingExample], under degradations: DegradedClips
  ) async throws -> [[Split]] {
    let tested = Set(splits.joined().flatMap(\.test)).map { examples[$0] }
    let line = ProgressLine("features under degradations", total: tested.count)
    let unusable = await degradations.unusable(among: tested) { line.update($0) }
    for clip in unusable { Terminal.printError("left out, because of a degradation: \(clip)") }
    let paths = Set(unusable.map(\.path))
    return try splits.map { splits in
      try splits.map { split in
        let test = split.test.filter { !paths.contains(examples[$0].clip.path) }
        guard !test.isEmpty else { throw LabError.nothingToTest(split.name) }
        return Split(
          name: split.name, training: split.training, validation: split.validation, test: test)
      }
    }
  }

  private static func degradations(_ arguments: Arguments) throws -> [Degradation] {
    try arguments[degradations].flatMap { text in
      if text == "all" { return Degradation.all }
      guard let degradation = Degradation(text) else {
        throw UsageError.badValue(
          option: degradations.name, source: .flag, found: text,
          expected: "all, " + Degradation.forms)
      }
      return [degradation]
    }
  }

  private static func train(_ validation: CrossValidation) async throws -> [FoldReport] {
    Interruption.watch()
    for fold in validation.known { if let fold { Terminal.printError("known: \(fold.line)") } }
    let total = validation.known.count { $0 == nil } * validation.experiment.preset.epochs
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
        Terminal.printError(fold.line)
        if let error = fold.unkept {
          Terminal.printError("warning: this fold is not kept: \(error)")
        }
      })
  }
}

extension FoldReport {
  fileprivate var line: String {
    "seed \(seed), \(split.name): UAR \(fixed(report.uar)), accuracy \(fixed(report.accuracy)), best epoch "
      + epochs.map { "\($0)" }.joined(separator: ", ")
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
