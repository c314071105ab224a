import Features
import NeuralNetwork
import Training

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
  /// The planes it hears, if the layers begin by selecting some: the others need not be varied and mixed for it, and what
  /// learns is what follows.
  let planes: [Int]?
  /// Functionals, if they are first of what hears: they never change, so that training computes them once, and `network` is
  /// what follows.
  let functionals: Network?
  /// What comes before `taught` and has no weights.
  private let prefix: [LayerSpec]

  init(
    name: String, share: Float, layers: [LayerSpec], options: TrainingOptions, bands: Int,
    channels: Int
  ) throws(NetworkError) {
    self.name = name
    self.share = share
    self.options = options
    var spec = NetworkSpec(bands: bands, channels: channels, layers: layers)
    var selection: [LayerSpec] = []
    planes = layers.planes
    if let planes {
      // Refuses planes that are not there.
      _ = try Network(NetworkSpec(bands: bands, channels: channels, layers: [layers[0]]))
      selection = [spec.layers.removeFirst()]
      spec.channels = planes.count
    }
    if spec.layers.first?.specification is Functionals.Spec {
      let layer = [spec.layers.removeFirst()]
      let first = try Network(NetworkSpec(bands: bands, channels: spec.channels, layers: layer))
      spec.bands = 1
      spec.channels = first.output.size
      functionals = first
      prefix = selection + layer
    } else {
      functionals = nil
      prefix = selection
    }
    taught = try Network(spec, ofVectors: functionals != nil)
    heads = OutputHeads(classes: taught.output.size, intensity: options.intensity)
    spec.layers = try heads.widened(spec.layers)
    network = try Network(spec, ofVectors: functionals != nil)
  }

  /// What brings this network's input to a common scale; functionals already are on one.
  func hears(_ frontEnd: FrontEnd) throws(FeatureError) -> FrontEnd {
    if functionals != nil { return try FrontEnd(frontEnd.configuration.unnormalized) }
    return try selecting(frontEnd)
  }

  /// The front end of the planes it hears.
  func selecting(_ frontEnd: FrontEnd) throws(FeatureError) -> FrontEnd {
    guard let planes else { return frontEnd }
    return try FrontEnd(frontEnd.configuration.selecting(planes))
  }

  func fitted(_ members: [Weights]) -> Ensemble.Group {
    Ensemble.Group(
      name: name, share: share, network: taught, prefix: prefix,
      members: members.map { heads.cut($0, of: network) })
  }
}

extension [LayerSpec] {
  /// The planes that a network of these layers hears, if it begins by selecting some; nil for all.
  var planes: [Int]? {
    (first?.specification as? SelectChannels.Spec)?.channels
  }
}

extension Preset {
  /// The kinds of network there are, the preset's own first.
  func groups() throws(NetworkError) -> [MemberGroup] {
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
