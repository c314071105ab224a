/// What a timeline's answers are about.
public enum Segmentation: Sendable, Equatable {
  /// Windows of one length, which may overlap.
  case windows(WindowPlan)
  /// What is said between two pauses.
  case utterances
}

/// Cuts one signal, whose samples come in pieces, into windows. What it cuts does not depend on the pieces.
protocol SegmentCutter: Sendable {
  mutating func append(_ new: [Float])

  /// The next segment, if its samples have come; once all have, what is left of them, and nil at last.
  mutating func cut(isOver: Bool) -> RecordingWindow?
}
