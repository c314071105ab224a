public import EmotionModel
import NeuralNetwork

/// What a model is, what it takes and what it was trained on.
public struct ModelCard: Sendable, Equatable {
  public let identity: ModelIdentity
  /// What it tells apart, in the order of its answers.
  public let labels: [String]
  /// The rate it listens at, Hz.
  public let sampleRate: Int
  /// Seconds of sound it needs.
  public let minimumDuration: Double
  public let provenance: Provenance
  /// The networks whose answers are added, mostly one.
  public let members: [Member]

  /// A network of the model.
  public struct Member: Sendable, Equatable {
    public let name: String
    /// What its logits are multiplied with before they are added.
    public let weight: Float
    /// Parameters as trained.
    public let parameterCount: Int
    /// The front end's configuration, as JSON.
    public let features: String

    public init(name: String, weight: Float = 1, parameterCount: Int, features: String = "{}") {
      self.name = name
      self.weight = weight
      self.parameterCount = parameterCount
      self.features = features
    }
  }

  public init(
    identity: ModelIdentity, labels: [String], members: [Member], sampleRate: Int,
    minimumDuration: Double, provenance: Provenance = .init()
  ) {
    self.identity = identity
    self.labels = labels
    self.members = members
    self.sampleRate = sampleRate
    self.minimumDuration = minimumDuration
    self.provenance = provenance
  }

  /// Parameters of all members as trained.
  public var parameterCount: Int { members.reduce(0) { $0 + $1.parameterCount } }
}

extension ModelCard.Member {
  init(_ member: ModelFile.Member) {
    self.init(
      name: member.name, weight: member.weight, parameterCount: member.weights.parameters.count,
      features: member.features)
  }
}

extension Recognizer {
  public var card: ModelCard {
    ModelCard(
      identity: identity, labels: labels, members: members, sampleRate: sampleRate,
      minimumDuration: minimumDuration, provenance: provenance)
  }
}
