public import Corpora

extension EvaluationProtocol {
  /// A training part and a validation part that share no speaker; no test part.
  public static func validationSplit(
    of clips: [Clip], fraction: Double, seed: UInt64
  ) throws(SplitError) -> Split {
    var divider = ClipDivider(clips: clips, validation: fraction, seed: seed)
    return try divider.steered()
  }
}
