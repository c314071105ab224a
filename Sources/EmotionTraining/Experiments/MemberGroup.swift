import EmotionFeatures
import EmotionModel

/// One kind of network in a preset: its own, or a companion.
struct MemberGroup: Sendable {
  let name: String
  let share: Float
  /// What learns.
  let network: Network
  /// What remains of it when it has learned.
  let taught: Network
  let heads: OutputHeads
  let options: TrainingOptions
  /// Functionals, if the layers begin with them: they never change, so that training computes them once, and `network` is
  /// what follows.
  let functionals: Network?
  /// The planes it hears, if the layers begin by selecting some: the others need not be varied and mixed for it, and `network`
  /// is what follows.
  let planes: [Int]?

  init(
    name: String, share: Float, layers: [LayerSpec], options: TrainingOptions, bands: Int,
    channels: Int
  ) throws(ModelError) {
    self.name = name
    self.share = share
    self.options = options
    var spec = NetworkSpec(bands: bands, channels: channels, layers: layers)
    if case .functionals? = layers.first {
      let first = try Network(NetworkSpec(bands: bands, channels: channels, layers: [layers[0]]))
      spec = NetworkSpec(bands: 1, channels: first.output.size, layers: Array(layers.dropFirst()))
      functionals = first
    } else {
      functionals = nil
    }
    taught = try Network(spec, ofVectors: functionals != nil)
    heads = OutputHeads(classes: taught.output.size, intensity: options.intensity)
    spec.layers = try heads.widened(spec.layers)
    if case .selectChannels(let selection)? = spec.layers.first {
      spec.layers.removeFirst()
      spec.channels = selection.channels.count
      planes = selection.channels
    } else {
      planes = nil
    }
    network = try Network(spec, ofVectors: functionals != nil)
  }

  /// What brings this network's input to a common scale; functionals already are on one.
  func hears(_ frontEnd: FrontEnd) throws(FeatureError) -> FrontEnd {
    if let planes { return try FrontEnd(frontEnd.configuration.selecting(planes)) }
    if functionals == nil { return frontEnd }
    var configuration = frontEnd.configuration
    configuration.normalization = .none
    configuration.length = .any
    return try FrontEnd(configuration)
  }

  func fitted(_ members: [Weights]) -> Ensemble.Group {
    Ensemble.Group(
      name: name, share: share, network: taught, prefix: functionals?.spec.layers ?? [],
      members: members.map { heads.cut($0, of: network) })
  }
}

extension Preset {
  /// The kinds of network there are, the preset's own first.
  func groups() throws(ModelError) -> [MemberGroup] {
    let others = companions.reduce(0) { $0 + $1.share }
    var groups = [
      try MemberGroup(
        name: "own", share: 1 - others, layers: layers, options: training, bands: features.bands,
        channels: features.channels)
    ]
    for companion in companions {
      groups.append(
        try MemberGroup(
          name: companion.name, share: companion.share, layers: companion.layers,
          options: companion.training, bands: features.bands, channels: features.channels))
    }
    return groups
  }
}
