public import Corpora

extension EvaluationProtocol {
  /// A training part and a validation part that share no speaker; no test part.
  public static func validationSplit(
    of clips: [Clip], share: Double, seed: UInt64
  ) throws(SplitError) -> Split {
    var divider = ClipDivider(clips: clips, validation: share, seed: seed)
    return try divider.steered()
  }
}
