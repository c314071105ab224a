public import NeuralNetwork

/// One weights file: networks, their weights, and everything they depend on.
///
/// On disk it is a `.safetensors` file. The tensors have PyTorch's names and shapes; the strings of
/// `__metadata__` carry the rest, each a JSON value: see `ModelFile.Key`.
public struct ModelFile: Sendable {
  /// What people call the model; part of every answer.
  public var name: String
  /// One for each output of every network, in their order.
  public var labels: [String]
  /// What answers together: the logits of each, times its weight, are added. Mostly there is one.
  public var members: [Member]
  /// How the sum of the logits becomes probabilities.
  public var calibration: Calibration
  /// Where the weights come from.
  public var provenance: Provenance

  /// - Throws: a `ModelError` where a member cannot answer with these labels, where there are none or too many members, where
  ///   their names are no words or not unique, or where a weight is not finite.
  public init(
    name: String, labels: [String], members: [Member], calibration: Calibration = .init(),
    provenance: Provenance = .init()
  ) throws(ModelError) {
    self.name = name
    self.labels = labels
    self.members = members
    self.calibration = calibration
    self.provenance = provenance
    try checkMembers()
  }

  /// Parameters of all members as trained.
  public var parameterCount: Int { members.reduce(0) { $0 + $1.weights.parameters.count } }

  /// The format this program writes, and the only one it reads.
  public static let formatVersion = "speech-emotion/2"

  /// Members that a file may have.
  public static let memberLimit = 32

  /// The keys of `__metadata__`.
  enum Key: String, CaseIterable {
    case format, name, labels, members, calibration, provenance
  }

  /// - Throws: as `init`.
  private func checkMembers() throws(ModelError) {
    guard 1...Self.memberLimit ~= members.count else {
      throw .invalidMetadata(
        key: "members", problem: "must be 1 to \(Self.memberLimit), not \(members.count)")
    }
    var names: Set<String> = []
    for member in members {
      guard member.hasPlainName, names.insert(member.name).inserted else {
        throw .invalidMetadata(
          key: "members",
          problem: "names must be unique and of letters, digits and hyphens")
      }
      guard member.weight.isFinite else {
        throw .invalidMetadata(key: "members", problem: "the weight of \(member.name) is no number")
      }
      do { try member.network.checkClassifies(labels) } catch { throw .network(error) }
    }
  }
}

extension ModelFile {
  /// A network, what it takes, and how much it counts.
  public struct Member: Sendable {
    /// What its tensors' names begin with, where there are several members.
    public var name: String
    /// What its logits are multiplied with before all are added.
    public var weight: Float
    /// The front end's configuration as JSON. This module does not read it; who extracts features
    /// does, and checks that they fit the network.
    public var features: String
    /// Takes features and gives one logit a label.
    public var network: Network
    /// Of `network`, as trained: batch normalisation is not folded.
    public var weights: Weights

    /// - Precondition: the weights are of this network.
    public init(
      name: String = "main", weight: Float = 1, features: String, network: Network,
      weights: Weights
    ) {
      precondition(
        weights.parameters.count == network.layout.parameterCount
          && weights.statistics.count == network.layout.statisticCount,
        "weights of another network")
      self.name = name
      self.weight = weight
      self.features = features
      self.network = network
      self.weights = weights
    }

    fileprivate var hasPlainName: Bool {
      (1...64).contains(name.utf8.count)
        && name.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
          default: false
          }
        }
    }
  }

  /// What the names of a member's tensors begin with: nothing where it is alone.
  static func prefix(_ member: String, among count: Int) -> String { count > 1 ? member + "." : "" }
}

/// How logits become probabilities that can be believed (temperature scaling, Guo et al. 2017).
public struct Calibration: Codable, Sendable, Equatable {
  /// Logits are divided by it before the softmax.
  public var temperature: Float

  /// - Parameter temperature: 1 leaves the probabilities as the softmax gives them.
  public init(temperature: Float = 1) { self.temperature = temperature }
}

/// Where weights come from: for people, and for the model card.
public struct Provenance: Codable, Sendable, Equatable {
  /// Corpora of the clips that the weights were trained on, sorted.
  public var corpora: [String] = []
  /// Speakers of those clips, sorted.
  public var speakers: [String] = []
  /// How many clips there were, those of the validation part included.
  public var clips: Int?
  /// How the clips were parted to measure `metrics`, as `emotion-lab cross-validate` names it.
  public var `protocol`: String?
  /// Of the training's random numbers.
  public var seed: UInt64?
  /// Of the training, as `2026-01-31`.
  public var date: String?
  /// Figures by name, such as `uar`, measured by `protocol`; `validationUAR` is of the training's own validation part.
  public var metrics: [String: Double] = [:]
  /// What the data's licences let the weights be used for.
  public var licence: String?

  /// Nothing is known yet.
  public init() {}
}
