import Augmentation
import CommandLineTool
import Corpora
import Experiments
import Features
import FileIO
import FoundationEssentials
import LinearAlgebra
import Training

/// The options that every command which trains has in common.
enum ExperimentOptions {
  static let preset = Option(
    "preset", .text("NAME|FILE"), default: "default",
    help: "System to train: a name, or a JSON file")
  static let epochs = Option<Int?>.optional(
    "epochs", .integer(1...100_000),
    help:
      "Passes over the training part for the first member, instead of the preset's; for others in proportion"
  )
  static let learningRate = Option<Double?>.optional(
    "learning-rate", .number(1e-8...10),
    help: "Highest learning rate of the preset's first member, instead of the preset's")
  static let samplingRate = Option<[String]>.repeated(
    "sampling-rate", .text("CORPUS=X"),
    help:
      "Fraction of a corpus's training clips that each epoch draws, instead of the preset's; may be given again"
  )
  static let auxiliary = Option<[String]>.repeated(
    "auxiliary", .text("CORPUS"),
    help:
      "A corpus to train on only: its speakers are not tested and do not validate; may be given again"
  )
  static let cache = Option(
    "cache", .folder, default: ".cache/features", help: "Folder for computed features")
  static let cacheSize = Option(
    "cache-size", .bytes(), default: 20 << 30,
    help:
      "Largest size of that folder; the features that were unused for longest are deleted, those of this run stay"
  )
  static let jobs = Option(
    "jobs", .integer(1...64), default: 2,
    help: "Number of trainings at the same time; the result does not depend on it")

  static let all: [any OptionDeclaration] = [
    preset, epochs, learningRate, samplingRate, auxiliary, cache, cacheSize,
  ]

  static func preset(_ arguments: Arguments) throws -> Preset {
    var preset = try Preset(named: arguments[Self.preset])
    if let epochs = arguments[epochs] { preset.setEpochs(epochs) }
    if let rate = arguments[learningRate] { preset.members[0].training.schedule.peak = Float(rate) }
    return preset
  }

  private static func samplingRates(_ arguments: Arguments, _ clips: [Clip]) throws -> [String:
    Float]
  {
    let rates = try samplingRates(arguments)
    for name in rates.keys.sorted() + arguments[auxiliary]
    where !clips.contains(where: { $0.corpus == name }) {
      throw LabError.noCorpus(name)
    }
    return rates
  }

  private static func samplingRates(_ arguments: Arguments) throws -> [String: Float] {
    try Dictionary(
      arguments[samplingRate].map { text in
        let parts = text.split(separator: "=")
        guard parts.count == 2, let rate = Float(parts[1]), 0...1 ~= rate else {
          throw UsageError.badValue(
            option: "sampling-rate", source: .flag, found: text,
            expected: "a corpus and a number from 0 to 1, such as nemo=0.5")
        }
        return (String(parts[0]), rate)
      }, uniquingKeysWith: { $1 })
  }

  /// An experiment's clips under degradations, with features from the same cache.
  static func clips(
    of experiment: Experiment, under degradations: [Degradation], _ arguments: Arguments
  ) throws -> DegradedClips {
    DegradedClips(
      degradations, of: experiment.examples.map(\.clip),
      frontEnd: try experiment.preset.extractor(),
      folder: arguments[cache], warn: { Terminal.printError($0) })
  }

  /// Finds the clips, computes their features, and says on standard error what could not be used.
  static func experiment(_ arguments: Arguments) async throws -> Experiment {
    LinearAlgebraLibrary.keepFreedMemory()
    let start = Date()
    let preset = try preset(arguments)
    let corpus = try Corpus(at: arguments.operands)
    let clips = preset.labels.clips(among: corpus.clips)
    let frontEnd = try preset.extractor()
    let store = FeatureStore(
      frontEnd: frontEnd, copies: preset.copies.copies,
      folder: arguments[cache], warn: { Terminal.printError($0) })
    let line = ProgressLine("features", total: clips.count)
    let tooShort = try preset.refusal()
    let found = try await store.examples(
      of: clips, labels: preset.labels,
      samplingRates: preset.samplingRates.merging(samplingRates(arguments, clips)) { $1 },
      auxiliary: Set(arguments[auxiliary])
    ) { line.update($0) }
    let deleted = FeatureStore.shrink(
      arguments[cache], to: arguments[cacheSize], sparing: start)
    if deleted > 0 {
      Terminal.printError(
        "\(arguments[cache]): \(deleted) features of earlier runs deleted (--cache-size)")
    }
    let refusals = found.examples.map(tooShort)
    let unusable = found.unusable + refusals.compactMap(\.self)
    let examples = zip(found.examples, refusals).filter { $0.1 == nil }.map(\.0)
    for clip in unusable { Terminal.printError("left out: \(clip)") }
    let skipped = corpus.skipped.count + unusable.count
    Terminal.printError(
      "\(examples.count) clips of \(Set(examples.map(\.clip.speaker)).count) speakers"
        + (skipped > 0 ? ", \(skipped) files left out" : ""))
    guard !examples.isEmpty else { throw LabError.nothingToLearn }
    return try Experiment(preset: preset, examples: examples)
  }
}

extension Preset {
  /// One of the built-in presets, or one read from a JSON file.
  init(named name: String) throws {
    if let known = Preset.builtIn.first(where: { $0.name == name }) {
      self = known
      return
    }
    guard FileManager.default.fileExists(atPath: name) else { throw LabError.unknownPreset(name) }
    let bytes = try File(name).read(limit: 16 << 20)
    do { self = try Preset(json: bytes) } catch { throw LabError.presetFile(path: name, error) }
  }
}
