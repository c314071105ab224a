public import NeuralNetwork
public import Training

/// A network beside a preset's own, on the same features: trained apart, its logits added in the end. Networks of different
/// kinds err differently, and trained as one the one that learns by heart first would hold the other back.
public struct Companion: Codable, Sendable, Equatable {
  /// What its layers' names begin with in the weights file.
  public var name: String
  /// Its part of the sum of logits; the preset's own network has what its companions leave of 1.
  public var share: Float
  public var layers: [LayerSpec]
  /// Copies of the recordings (other speeds and pitches, degradations) are made once for all networks, as the preset's own
  /// augmentation says; JSON that names others here is refused.
  public var training: TrainingOptions

  public init(name: String, share: Float, layers: [LayerSpec], training: TrainingOptions) {
    self.name = name
    self.share = share
    self.layers = layers
    self.training = training
  }
}
