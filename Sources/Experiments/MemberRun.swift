import Corpora
public import Features
public import NeuralNetwork
public import Training

/// A member of a preset, ready to be trained.
struct MemberRun: Sendable {
  let member: Preset.Member
  /// What learns.
  let network: Network
  /// What remains of it when it has learned.
  let taught: Network
  let heads: OutputHeads

  /// - Parameter features: The preset's.
  /// - Throws: a `NetworkError` where the layers do not fit the features, and a `FeatureError` where a channel is missing.
  init(_ member: Preset.Member, of features: FrontEndConfiguration) throws {
    self.member = member
    let input = try features.selecting(member).networkInput
    var spec = NetworkSpec(
      bands: input.bands, channels: input.channels, layers: member.layers,
      takesVectors: input.isVector ? true : nil)
    taught = try Network(spec)
    heads = OutputHeads(classes: taught.output.size, intensity: member.training.intensity)
    spec.layers = try heads.widened(spec.layers)
    network = try Network(spec)
  }

  /// Its own front end, of the preset's with the statistics of a training part.
  /// - Throws: where a channel is missing or the functionals are not valid.
  func frontEnd(of fitted: FrontEnd) throws(FeatureError) -> FrontEnd {
    try FrontEnd(fitted.configuration.selecting(member))
  }

  /// What of some weights of `network` are those of `taught`.
  func taught(_ weights: Weights) -> Weights { heads.cut(weights, of: network) }
}

extension FrontEndConfiguration {
  /// The features of one member.
  /// - Throws: `configuration` where it takes no channel or one that is not there.
  func selecting(_ member: Preset.Member) throws(FeatureError) -> FrontEndConfiguration {
    var own = self
    if let chosen = member.channels {
      for channel in chosen where !channels.indices.contains(channel) {
        throw .configuration(field: "members.channels", problem: .outOfRange(Double(channel)))
      }
      guard !chosen.isEmpty else {
        throw .configuration(field: "members.channels", problem: .missing)
      }
      own = selecting(chosen)
    }
    own.functionals = member.functionals
    return own
  }
}

extension Preset {
  /// Tells why a clip is of no use to its members, if so: it is too short for an answer of one.
  /// - Throws: a `NetworkError` or a `FeatureError` where a member does not fit the features or the labels.
  public func refusal() throws -> @Sendable (TrainingExample) -> UnusableClip? {
    let fitted = try extractor()
    let members = try runs().map { ($0.taught, try $0.frontEnd(of: fitted), $0.member.channels) }
    return { example in
      members.lazy.compactMap { network, frontEnd, channels in
        network.refusal(of: example, frontEnd: frontEnd, channels: channels)
      }.first
    }
  }

  /// The members of a model file with this preset, in order: each with its own front end and the network that remains after training.
  /// - Throws: a `NetworkError` or a `FeatureError` where a member does not fit the features or the labels.
  public func networks() throws -> [(member: Member, frontEnd: FrontEnd, network: Network)] {
    let fitted = try extractor()
    return try runs().map { ($0.member, try $0.frontEnd(of: fitted), $0.taught) }
  }

  /// Its members, in order.
  /// - Throws: a `NetworkError` or a `FeatureError` where one does not fit the features or the labels.
  func runs() throws -> [MemberRun] { try runs(of: members) }

  /// Some of its members or teachers, in order.
  ///
  /// - Throws: where one does not fit the features or the labels.
  func runs(of members: [Member]) throws -> [MemberRun] {
    try members.map { member in
      let run = try MemberRun(member, of: features)
      try run.taught.checkClassifies(labels.labels)
      return run
    }
  }
}
