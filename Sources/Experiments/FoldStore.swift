import Corpora
import Evaluation
import Features
public import FileIO
import Foundation
import Hashing
import StrictJSON
import Training

/// What the folds of a cross-validation gave, kept on disk as each ends, so that one that was interrupted goes on where it was.
///
/// A file's name is the hash of all that a fold depends on: the program, the preset, the features and labels of every clip, who
/// trains, decides and tests, the seed, the degradations. So nothing that changed meets an old result; a damaged file is told of, and its
/// fold is run again.
public struct FoldStore: Sendable {
  private let folder: String
  /// Of the program's own file: who builds it anew begins anew.
  private let program: String
  private let warn: @Sendable (String) -> Void

  /// Makes the folder and checks that it can be written into: before hours of work, rather than after.
  /// - Parameter warn: Is told of files that are damaged.
  /// - Throws: a `FileError` that names the folder or the file.
  public init(
    _ folder: String, warn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(FileError) {
    self.folder = folder
    self.warn = warn
    try File(folder).createFolders()
    try File("\(folder)/check.fold").checkReplaceable()
    var hash = Hash(.sha256)
    try File("/proc/self/exe").forEachPiece { hash.update($0) }
    program = hash.finish()
  }

  /// What of a fold is kept: the rest follows from it.
  private struct Kept: Codable {
    var outcomes: [ClipResult]
    var degraded: [[ClipResult]]
    var epochs: [Int]
    var histories: [[EpochReport]]
  }

  /// A fold that was kept; nil where it was not, is damaged, or does not fit the clips.
  func read(_ split: Split, seed: UInt64, of validation: CrossValidation) -> FoldReport? {
    let labels = validation.experiment.preset.labels.labels
    let test = split.test.map { validation.experiment.examples[$0] }
    guard let bytes = content(file(split, seed, validation)),
      let kept = try? JSONDecoder().decode(Kept.self, from: Data(bytes)),
      kept.degraded.count == validation.degradations?.degradations.count ?? 0,
      ([kept.outcomes] + kept.degraded).allSatisfy({ fits($0, test, classes: labels.count) })
    else { return nil }
    return FoldReport(
      seed: seed, split: split, outcomes: kept.outcomes,
      report: EvaluationReport(labels: labels, outcomes: kept.outcomes), epochs: kept.epochs,
      histories: kept.histories, degraded: kept.degraded)
  }

  private func content(_ file: SealedFile) -> [UInt8]? {
    // What cannot be read is as none.
    switch (try? file.read(limit: 1 << 30)) ?? .none {
    case .content(let bytes): return bytes
    case .none: return nil
    case .damaged:
      warn("\(shown(file.path)): damaged, its fold is run again")
      return nil
    }
  }

  /// Keeps a fold.
  /// - Throws: where the file cannot be written.
  func write(_ report: FoldReport, of validation: CrossValidation) throws(FileError) {
    let kept = Kept(
      outcomes: report.outcomes, degraded: report.degraded, epochs: report.epochs,
      histories: report.histories)
    // JSON knows no loss that is no number: such a fold is run again next time.
    guard let bytes = try? JSONEncoder().encode(kept) else { return }
    try file(report.split, report.seed, validation).write([UInt8](bytes))
  }

  private func file(
    _ split: Split, _ seed: UInt64, _ validation: CrossValidation
  ) -> SealedFile {
    let degradations = validation.degradations?.degradations ?? []
    let text =
      "\(program) \(validation.digest) \(canonicalJSON(split)) \(seed) \(canonicalJSON(degradations))"
    let key = sha256(Array(text.utf8).span)
    return SealedFile("\(folder)/\(key).fold", key: key)
  }

  /// Whether these are answers for these clips.
  private func fits(_ outcomes: [ClipResult], _ test: [TrainingExample], classes: Int) -> Bool {
    outcomes.count == test.count
      && zip(outcomes, test).allSatisfy {
        $0.clip == $1.clip.path && $0.target == $1.label && $0.probabilities.count == classes
          && $0.probabilities.allSatisfy(\.isFinite)
      }
  }
}

extension Experiment {
  /// Of the preset and of all clips, those too that talk in the background of others.
  var digest: String {
    var hash = Hash(.sha256)
    hash.update(Array(canonicalJSON(preset).utf8).span)
    for example in examples {
      let recording = example.recording
      let text =
        "\n\(canonicalJSON(example.clip)) \(example.label) \(example.samplingRate) \(recording.frames) "
      hash.update(Array(text.utf8).span)
      let values = recording.values
      hash.update(unsafe values.span.bytes)
    }
    return hash.finish()
  }
}
