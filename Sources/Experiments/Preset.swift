public import Corpora
public import Features
public import NeuralNetwork
public import Training

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
  /// Networks whose logits are added to those of `layers`.
  public var companions: [Companion]

  public init(
    name: String, summary: String, labels: LabelSet = .all, features: FrontEndConfiguration,
    layers: [LayerSpec], training: TrainingOptions, companions: [Companion] = []
  ) {
    self.name = name
    self.summary = summary
    self.labels = labels
    self.features = features
    self.layers = layers
    self.training = training
    self.companions = companions
  }

  /// The network that a training of the preset gives, for the frames that the features make: with all members and companions.
  /// Throws when one does not fit the features or the labels.
  public func network() throws(NetworkError) -> Network {
    let groups = try groups()
    for group in groups { try group.taught.checkClassifies(labels.labels) }
    return try Ensemble(
      groups.map { group in
        group.fitted(
          .init(repeating: group.network.initialWeights(seed: 0), count: group.options.members))
      }, bands: features.bands, channels: features.channels
    ).network
  }

  /// Epochs of all its trainings together.
  public var epochs: Int {
    ([self.training] + companions.map(\.training)).reduce(0) { sum, options in
      let epochs = options.epochs + (training.refit ? options.refitEpochs : 0)
      return sum + epochs * options.members
    }
  }

  /// Lets its own network learn for so many epochs, and its companions for as many more or fewer in proportion.
  public mutating func setEpochs(_ epochs: Int) {
    let ratio = Double(epochs) / Double(training.epochs)
    for place in companions.indices {
      let own = Double(companions[place].training.epochs)
      companions[place].training.epochs = max(1, Int((own * ratio).rounded()))
    }
    training.epochs = epochs
  }
}

extension Preset {
  /// The presets that come with the program.
  public static var builtIn: [Preset] {
    [
      .default, .lstmMFCC40, .lstmMulti, .pictureCNN, .cnnLSTM, .lstmTESS, .lstmTESSMean,
      .gru, .bidirectionalLSTM, .attentionLSTM, .residualLSTM, .selfAttention, .knownVoices, .emoDB,
      .sixPlanes,
    ]
  }
}
