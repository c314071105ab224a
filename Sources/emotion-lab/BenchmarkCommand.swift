import Augmentation
import CommandLineTool
import Corpora
import Evaluation
import Experiments
import FileIO
import Foundation
import Reports
import Training

/// `emotion-lab benchmark CORPUS…`: one table of how good a preset is, on voices and on corpora that were not in its training.
enum BenchmarkCommand: Subcommand {
  private static let folds = Option(
    "folds", .file, default: "models/folds/joint.json",
    help: "JSON file of fixed folds of speakers, of several corpora at once")
  private static let parts = Option(
    "parts", ValueFormat<Set<BenchmarkPart>>.parts, default: [.folds, .neverHeard],
    help:
      "What to measure: speakers who are not in training; corpora that are not; the folds under "
      + "ten degradations; both with earlier recordings of the speakers (needs --results); sentences that are not in training, by such speakers; clips drawn at random, whose "
      + "speakers are in training")
  private static let trainOn = Option<[String]>.repeated(
    "train-on", .text("CORPUS"),
    help: "Trains on this corpus, and tests the others as corpora never heard; may be given again")
  private static let onlyFold = Option<Int?>.optional(
    "only-fold", .integer(1...1000), help: "Of the folds, this one alone: for a quick choice")
  private static let trainingSpeakers = Option<Double?>.optional(
    "training-speakers", .number(0.01...1),
    help: "Trains on this fraction of each corpus's training speakers: a learning curve")
  private static let trainingClips = Option<Double?>.optional(
    "training-clips", .number(0.01...1),
    help: "Trains on this fraction of the training clips of each corpus and label")
  private static let validation = Option<Double?>.optional(
    "validation", .number(0...0.9),
    help: "Fraction of a training part's speakers held out for early stopping and calibration, "
      + "instead of the preset's; with 0, other folds calibrate")
  private static let seeds = Option(
    "seeds", .integer(1...100), default: 1, help: "Number of repetitions, each with another seed")
  private static let firstSeed = Option(
    "first-seed", .integer(1...1_000_000), default: 1, help: "The first seed")
  private static let results = Option<String?>.optional(
    "results", .folder,
    help:
      "Keeps trainings in this folder: the same command goes on at the last epoch, and another one that "
      + "needs the same trainings takes them from there")
  private static let json = Option<String?>.optional(
    "json", .file, help: "Writes all figures as JSON")
  private static let markdown = Option<String?>.optional(
    "markdown", .file, help: "Writes the tables as Markdown")

  static let command = Command(
    "emotion-lab benchmark",
    summary: "Train a preset on several corpora and print how good it is on those it never heard.",
    operands: .oneOrMore("CORPUS"),
    options: [
      folds, parts, trainOn, onlyFold, trainingSpeakers, trainingClips, validation, seeds,
      firstSeed, results, json, markdown,
      ExperimentOptions.jobs,
    ] + ExperimentOptions.all + ReportOptions.all,
    examples: [
      Example(
        "emotion-lab benchmark ravdess/ crema-d/ tess/ emodb/ nemo/ --results kept/",
        "The table; can be interrupted and goes on"),
      Example(
        "emotion-lab benchmark ravdess/ crema-d/ --preset mine.json --parts folds --only-fold 2",
        "A quick look at one fold"),
      Example(
        "emotion-lab benchmark ravdess/ crema-d/ tess/ --train-on crema-d",
        "Trained on one corpus, tested on others too"),
      Example(
        "emotion-lab benchmark ravdess/ tess/ --parts random", "What leaky splits report"),
      Example(
        "emotion-lab benchmark ravdess/ crema-d/ --parts folds,never-heard,degradations --seeds 3 "
          + "--json table.json --markdown table.md --report table.html",
        "Everything, in every form"),
    ])

  static func run(_ arguments: Arguments) async throws {
    try ReportOptions.check(arguments)
    for path in [arguments[json], arguments[markdown]] { try path.map(File.init)?.checkWritable() }
    let folds = try Folds(contentsOf: arguments[folds])
    let store = try arguments[results].map {
      try FoldStore($0, keepsNetworks: true, warn: { Terminal.printError($0) })
    }
    if arguments[parts].contains(.voices), store == nil { throw LabError.nothingKept }
    let benchmark = try await benchmark(folds, store, arguments)
    let run = TrainingRun(of: benchmark.validation) { report in
      let recalls = benchmark.recalls(of: report).map { "\($0.corpus) \(fixed($0.uar))" }
      return "seed \(report.seed), \(report.split.name): UAR "
        + recalls.joined(separator: ", ")
    }
    let reports = try await run.reports()
    let trainings = benchmark.validation.trainings.count
    guard reports.count == trainings else {
      throw LabError.unfinished(done: reports.count, of: trainings, isKept: store != nil)
    }
    var result = try benchmark.result(of: reports)
    if arguments[parts].contains(.voices) {
      let line = ProgressLine("networks with earlier recordings", total: trainings)
      result.voices = try await benchmark.voices(of: reports) { done, count in
        line.expect(count)
        line.update(done)
      }
    }
    try write(result, reports, arguments)
  }

  private static func benchmark(
    _ folds: Folds, _ store: FoldStore?, _ arguments: Arguments
  ) async throws -> Benchmark {
    let experiment = try await ExperimentOptions.experiment(arguments)
    let first = arguments[firstSeed]
    let seeds = (first..<first + arguments[seeds]).map { UInt64($0) }
    var plans = try seeds.map { try plan(folds, experiment, seed: $0, arguments) }
    var degradations: DegradedClips?
    if arguments[parts].contains(.degradations) {
      let clips = try ExperimentOptions.clips(of: experiment, under: Degradation.all, arguments)
      plans = try await testable(plans, experiment.examples, under: clips)
      degradations = clips
    }
    if plans.contains(where: { !$0.random.isEmpty }) {
      Terminal.printError(
        "warning: the same speakers are in training and test of the random split; "
          + "on new voices expect far less")
    }
    return Benchmark(
      experiment: experiment, seeds: seeds, plans: plans, jobs: arguments[ExperimentOptions.jobs],
      degradations: degradations, store: store)
  }

  private static func plan(
    _ folds: Folds, _ experiment: Experiment, seed: UInt64, _ arguments: Arguments
  ) throws -> BenchmarkPlan {
    let heard = Set(arguments[trainOn])
    let plan = try BenchmarkPlan(
      of: experiment.examples.map(\.clip), parts: arguments[parts], folds: folds,
      training: heard.isEmpty ? nil : heard, auxiliary: experiment.auxiliary,
      validation: arguments[validation] ?? experiment.preset.validation, seed: seed)
    let chosen = try chosenFold(of: plan, folds, arguments)
    let clips = experiment.examples.map(\.clip)
    let fractions = [
      arguments[trainingSpeakers].map(TrainingFraction.speakers),
      arguments[trainingClips].map(TrainingFraction.clips),
    ]
    return fractions.compactMap(\.self).reduce(chosen) {
      $0.training(on: $1, of: clips, seed: seed)
    }
  }

  private static func chosenFold(
    of plan: BenchmarkPlan, _ folds: Folds, _ arguments: Arguments
  ) throws -> BenchmarkPlan {
    guard let fold = arguments[onlyFold] else { return plan }
    guard let only = plan.only(fold: fold) else {
      throw LabError.noFold(fold, of: folds.folds.count)
    }
    return only
  }

  private static func testable(
    _ plans: [BenchmarkPlan], _ examples: [TrainingExample], under degradations: DegradedClips
  ) async throws -> [BenchmarkPlan] {
    let tested = Set(plans.flatMap { $0.folds.flatMap(\.test) }).sorted().map { examples[$0] }
    let unusable = await degradations.named(unusableAmong: tested)
    return try plans.map { plan in
      let kept = plan.testing { !unusable.contains(examples[$0].clip.path) }
      if let empty = kept.folds.first(where: \.test.isEmpty) {
        throw LabError.nothingToTest(empty.name)
      }
      return kept
    }
  }

  private static func write(
    _ result: BenchmarkResult, _ reports: [FoldReport], _ arguments: Arguments
  ) throws {
    Terminal.print(result.text)
    if let path = arguments[json] { try result.write(to: path) }
    if let path = arguments[markdown] { try File(path).replace(with: Array(result.markdown.utf8)) }
    try ReportOptions.write(
      Report(result, histories: reports.flatMap(\.histories)), arguments)
  }
}

extension ValueFormat<Set<BenchmarkPart>> {
  /// Names of parts, with commas between.
  fileprivate static var parts: ValueFormat {
    let names = BenchmarkPart.allCases.map(\.rawValue).joined(separator: ",")
    return ValueFormat(
      placeholder: names, expectation: "some of \(names)",
      parse: { text in
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
          BenchmarkPart(rawValue: String($0))
        }
        return parts.contains(nil) ? nil : Set(parts.compactMap(\.self))
      },
      render: { parts in
        BenchmarkPart.allCases.filter(parts.contains).map(\.rawValue).joined(separator: ",")
      })
  }
}
