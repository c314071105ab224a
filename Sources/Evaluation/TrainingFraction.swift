public import Corpora

/// How much of each training part is learned from: less than all of it, for a learning curve.
public enum TrainingFraction: Sendable, Equatable {
  /// So much of each corpus's speakers, one at least, women and men alike.
  case speakers(Double)
  /// So much of the clips of each corpus and label, drawn at random.
  case clips(Double)

  /// The same split with a smaller training part. Equal seeds draw equal parts.
  public func callAsFunction(_ split: Split, of clips: [Clip], seed: UInt64) -> Split {
    var divider = ClipDivider(
      clips: split.training.map { clips[$0] }, validation: 0, seed: seed)
    let (name, kept) =
      switch self {
      case .speakers(let fraction):
        ("\(fraction) of the speakers", divider.someSpeakers(fraction: fraction))
      case .clips(let fraction):
        ("\(fraction) of the clips", divider.someClips(fraction: fraction))
      }
    return Split(
      name: "\(split.name), \(name)", training: kept.map { split.training[$0] },
      validation: split.validation, test: split.test)
  }
}

extension BenchmarkPlan {
  /// The plan whose trainings have less to learn from.
  public func training(
    on fraction: TrainingFraction, of clips: [Clip], seed: UInt64
  ) -> BenchmarkPlan {
    changingSplits { fraction($0, of: clips, seed: seed) }
  }
}
