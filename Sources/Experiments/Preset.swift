public import Augmentation
public import Corpora
public import Features
public import NeuralNetwork
public import Training

/// A whole system as data: features, networks, and how they are trained. A new system is a file, not code.
public struct Preset: Codable, Sendable, Equatable {
  /// What `--preset` calls it.
  public var name: String
  /// One line for people.
  public var summary: String
  /// The classes, in the order of the outputs.
  public var labels: LabelSet
  /// All channels that members take.
  public var features: FrontEndConfiguration
  /// Fraction of a corpus's training clips that each epoch draws, by the corpus's name; 1 where none is said. So that a large
  /// corpus does not drown a small one.
  public var samplingRates: [String: Float]
  /// Copies of the recordings that all members learn from.
  public var copies: CopyOptions
  /// Fraction of the training part, in speakers (in clips where clips are split at random), that decides
  /// which epoch's weights are kept and how sure the model may be. 0 to 0.9.
  public var validation: Double
  /// Trains each member once more on the training and the validation part together, when the first training has told how sure
  /// the model may be: speakers are too few to leave some out for good.
  public var refit: Bool
  /// Networks that are trained first, for the members to learn what the sum of their logits says (distillation, Hinton et al.
  /// 2015). They are not part of the model.
  public var teachers: [Member]
  /// The networks whose logits are added. Mostly there is one.
  public var members: [Member]

  /// A network of the system, trained by itself.
  public struct Member: Codable, Sendable, Equatable {
    /// Its name in the model file. Its random numbers and checkpoints depend on it.
    public var id: String
    /// What its logits are multiplied with before they are added.
    public var weight: Float
    /// Which of the preset's channels it takes, counted from 0; nil for all.
    public var channels: [Int]?
    /// Statistics over time that it takes instead of a map; nil for the map.
    public var functionals: FunctionalsConfiguration?
    /// From features to logits.
    public var layers: [LayerSpec]
    /// How it is trained.
    public var training: TrainingOptions

    /// Nothing is checked; `Preset(json:)` does.
    public init(
      id: String = "main", weight: Float = 1, channels: [Int]? = nil,
      functionals: FunctionalsConfiguration? = nil, layers: [LayerSpec],
      training: TrainingOptions = .init()
    ) {
      self.id = id
      self.weight = weight
      self.channels = channels
      self.functionals = functionals
      self.layers = layers
      self.training = training
    }
  }

  /// Nothing is checked; `Preset(json:)` does.
  public init(
    name: String, summary: String, labels: LabelSet = .all, features: FrontEndConfiguration,
    samplingRates: [String: Float] = [:], copies: CopyOptions = .init(), validation: Double = 0.12,
    refit: Bool = false,
    teachers: [Member] = [], members: [Member]
  ) {
    self.name = name
    self.summary = summary
    self.labels = labels
    self.features = features
    self.samplingRates = samplingRates
    self.copies = copies
    self.validation = validation
    self.refit = refit
    self.teachers = teachers
    self.members = members
  }

  /// Epochs of all its trainings together.
  public var epochs: Int {
    (teachers + members).reduce(0) { sum, member in
      sum + member.training.epochs + (refit ? member.training.refitEpochs : 0)
    }
  }

  /// Lets its first member learn for so many epochs, and the others for as many more or fewer in proportion, at least one.
  public mutating func setEpochs(_ epochs: Int) {
    let ratio = Double(epochs) / Double(members[0].training.epochs)
    func scale(_ member: inout Member) {
      let own = Double(member.training.epochs)
      member.training.epochs = max(1, Int((own * ratio).rounded()))
    }
    for place in teachers.indices { scale(&teachers[place]) }
    for place in members.indices { scale(&members[place]) }
    members[0].training.epochs = epochs
  }
}
