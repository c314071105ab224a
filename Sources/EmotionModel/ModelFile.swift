public import NeuralNetwork

/// One weights file: a network, its weights, and everything they depend on.
///
/// On disk it is a `.safetensors` file. The tensors have PyTorch's names and shapes; the strings of
/// `__metadata__` carry the rest, each a JSON value: see `ModelFile.Key`.
public struct ModelFile: Sendable {
  /// What people call the model; part of every answer.
  public var name: String
  /// One for each output of the network, in its order.
  public var labels: [String]
  /// The front end's configuration as JSON. This module does not read it; who extracts features
  /// does, and checks that they fit the network.
  public var features: String
  public var network: Network
  public var weights: Weights
  public var calibration: Calibration
  public var provenance: Provenance

  public init(
    name: String, labels: [String], features: String, network: Network, weights: Weights,
    calibration: Calibration = .init(), provenance: Provenance = .init()
  ) throws(ModelError) {
    do { try network.checkClassifies(labels) } catch { throw .network(error) }
    precondition(
      weights.parameters.count == network.layout.parameterCount
        && weights.statistics.count == network.layout.statisticCount,
      "weights of another network")
    self.name = name
    self.labels = labels
    self.features = features
    self.network = network
    self.weights = weights
    self.calibration = calibration
    self.provenance = provenance
  }

  /// The format this program writes, and the only one it reads.
  public static let formatVersion = "speech-emotion/1"

  /// The keys of `__metadata__`.
  enum Key: String, CaseIterable {
    case format, name, labels, features, network, calibration, provenance
  }
}

/// How logits become probabilities that can be believed (temperature scaling, Guo et al. 2017).
public struct Calibration: Codable, Sendable, Equatable {
  /// Logits are divided by it before the softmax.
  public var temperature: Float

  public init(temperature: Float = 1) { self.temperature = temperature }
}

/// Where weights come from: for people, and for the model card.
public struct Provenance: Codable, Sendable, Equatable {
  public var corpora: [String] = []
  public var speakers: [String] = []
  public var clips: Int?
  public var `protocol`: String?
  public var seed: UInt64?
  public var date: String?
  /// Measured by `protocol`, such as `uar`.
  public var metrics: [String: Double] = [:]
  /// What the data's licences let the weights be used for.
  public var licence: String?

  public init() {}
}
