import CommandLineTool
public import Corpora

/// How clips are divided so that a number means something.
public enum EvaluationProtocol: Sendable, Equatable {
  /// Clips drawn at random, each label alike. Speakers are on both sides, which flatters every model.
  case random(testFraction: Double)
  /// `count` folds of speakers drawn at random, women and men of each corpus spread evenly.
  case speakerFolds(count: Int)
  /// Folds from a file. Speakers that it names train where they are not tested. Other speakers of the corpora that it names are
  /// left out altogether; other corpora train in every fold.
  case fixedFolds(Folds)
  case leaveOneSpeakerOut
  case crossCorpus(training: [String], test: [String])

  /// Whether no speaker is ever in two parts.
  public var isSpeakerIndependent: Bool {
    if case .random = self { false } else { true }
  }

  /// - Parameters:
  ///   - auxiliary: Corpora whose clips are only trained on, in every split.
  ///   - validation: Fraction of the training part, in speakers (in clips for `random`), that is set
  ///     apart for early stopping and every choice: at least one speaker, women and men alike;
  ///     nobody for 0.
  ///   - seed: Equal seeds give equal splits.
  public func splits(
    of clips: [Clip], auxiliary: Set<String> = [], validation: Double = 0.2, seed: UInt64
  ) throws(SplitError) -> [Split] {
    precondition(0 <= validation && validation < 1, "validation fraction \(validation)")
    let own = clips.indices.filter { !auxiliary.contains(clips[$0].corpus) }
    let others = clips.indices.filter { auxiliary.contains(clips[$0].corpus) }
    guard !own.isEmpty else { throw .noClips }
    var divider = ClipDivider(clips: own.map { clips[$0] }, validation: validation, seed: seed)
    return try splits(&divider, without: auxiliary).map {
      $0.placed(at: own).training(alsoOn: others)
    }
  }

  private func splits(
    _ divider: inout ClipDivider, without auxiliary: Set<String>
  ) throws(SplitError) -> [Split] {
    switch self {
    case .random(let fraction): return [try divider.random(test: fraction)]
    case .speakerFolds(let count): return try divider.folds(count: count)
    case .fixedFolds(let folds): return try divider.folds(folds)
    case .leaveOneSpeakerOut: return try divider.leaveOneSpeakerOut()
    case .crossCorpus(let training, let test):
      let own = training.filter { !auxiliary.contains($0) }
      return [try divider.crossCorpus(training: own, test: test)]
    }
  }
}

extension EvaluationProtocol: CustomStringConvertible {
  /// A few words for a result.
  public var description: String {
    switch self {
    case .fixedFolds(let folds): folds.protocol
    case .random(let fraction): "random split, \(fixed(100 * fraction, 0)) % tested: speakers leak"
    case .leaveOneSpeakerOut: "speaker-independent, leave one speaker out"
    case .speakerFolds(let count): "speaker-independent, \(count) folds"
    case .crossCorpus(let training, let test):
      "trained on \(training.joined(separator: ", ")), tested on \(test.joined(separator: ", "))"
    }
  }
}
