public import EmotionModel
import Features

/// What a model is, what it takes and what it was trained on.
public struct ModelCard: Sendable, Equatable {
  public let identity: ModelIdentity
  /// What it tells apart, in the order of its answers.
  public let labels: [String]
  /// Parameters of the network as trained.
  public let parameterCount: Int
  /// The rate it listens at, Hz.
  public let sampleRate: Int
  /// Seconds of sound it needs.
  public let minimumDuration: Double
  public let provenance: Provenance
  /// The front end's configuration, as JSON.
  public let features: String

  public init(
    identity: ModelIdentity, labels: [String], parameterCount: Int, sampleRate: Int,
    minimumDuration: Double, provenance: Provenance = .init(), features: String = "{}"
  ) {
    self.identity = identity
    self.labels = labels
    self.parameterCount = parameterCount
    self.sampleRate = sampleRate
    self.minimumDuration = minimumDuration
    self.provenance = provenance
    self.features = features
  }
}

extension Recognizer {
  public var card: ModelCard {
    ModelCard(
      identity: identity, labels: labels, parameterCount: parameterCount, sampleRate: sampleRate,
      minimumDuration: frontEnd.configuration.minimumDuration, provenance: provenance,
      features: frontEnd.configuration.fingerprint)
  }
}
