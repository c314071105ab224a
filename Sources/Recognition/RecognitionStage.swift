/// The steps from bytes to probabilities, as a service measures them.
public enum RecognitionStage: String, Sendable, CaseIterable {
  case decode, features, network
}

/// Is told how long a step took; called on the thread that took it, so it must be quick.
public typealias StageObserver = @Sendable (RecognitionStage, Duration) -> Void
