public import EmotionFeatures
public import EmotionModel

/// A whole system as data: features, network, and how it is trained. A new system is a file, not
/// code.
public struct Preset: Codable, Sendable, Equatable {
  public var name: String
  /// One line for people.
  public var summary: String
  public var labels: LabelSet
  public var features: FrontEndConfiguration
  public var layers: [LayerSpec]
  public var training: TrainingOptions

  public init(
    name: String, summary: String, labels: LabelSet = .all, features: FrontEndConfiguration,
    layers: [LayerSpec], training: TrainingOptions
  ) {
    self.name = name
    self.summary = summary
    self.labels = labels
    self.features = features
    self.layers = layers
    self.training = training
  }

  /// The network for the frames that the features make. Throws when it does not fit them or the
  /// labels, or cannot be a member of the ensemble asked for.
  public func network() throws(ModelError) -> Network {
    let network = try Network(
      NetworkSpec(bands: features.bands, channels: features.channels, layers: layers))
    try network.checkClassifies(labels.labels)
    if training.members > 1 {
      let weights = network.initialWeights(seed: 0)
      _ = try network.averaging(.init(repeating: weights, count: training.members))
    }
    return network
  }
}

extension Preset {
  /// The presets that come with the program.
  public static var builtIn: [Preset] {
    [
      .default, .lstmMFCC40, .lstmMulti, .pictureCNN, .cnnLSTM, .lstmTESS, .lstmTESSMean,
      .gru, .bidirectionalLSTM, .attentionLSTM, .residualLSTM, .selfAttention,
    ]
  }
}
