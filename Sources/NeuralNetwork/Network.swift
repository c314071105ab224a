/// A network: layers in order and where their weights lie. Constant; the weights are beside it.
public struct Network: Sendable {
  /// Far above any network this service is for, far below what would exhaust a machine.
  public static let parameterLimit = 32_000_000
  /// Bands of an input frame, and channels.
  static let frameLimit = 4096
  /// Those inside others count, too.
  static let layerLimit = 256
  /// Values of one frame anywhere in the network; of all its patches under a convolution's kernel,
  /// sixteen times as many.
  static let frameSizeLimit = 1 << 20
  /// A network that needs a longer clip than this for one answer is refused.
  static let minimumFramesLimit = 100_000

  /// What it was made of.
  public let spec: NetworkSpec
  /// In order; of a folded network fewer than `spec` has.
  package internal(set) var layers: [any Layer]
  /// Where the weights lie.
  public let layout: ParameterLayout

  /// Throws `NetworkError` when a layer does not fit the one before it, or the network is too large.
  public init(_ spec: NetworkSpec) throws(NetworkError) {
    guard 1...Self.frameLimit ~= spec.bands, 1...Self.frameLimit ~= spec.channels else {
      throw .invalidFrame(bands: spec.bands, channels: spec.channels)
    }
    let all = spec.layers.nested
    guard !spec.layers.isEmpty else { throw .noLayers }
    guard all.count <= Self.layerLimit else {
      throw .tooManyLayers(found: all.count, limit: Self.layerLimit)
    }
    var names: Set<String> = []
    for layer in all where !names.insert(layer.name).inserted {
      throw .duplicateLayer(name: layer.name)
    }
    for layer in all where layer.specification is Softmax.Spec && layer != spec.layers.last {
      // Training takes a closing softmax into its loss and has no other.
      throw .invalidLayer(name: layer.name, problem: "must be the network's last layer")
    }
    var layout = ParameterLayout()
    var input = FrameShape(bands: spec.bands, channels: spec.channels)
    input.isNetworkInput = true
    input.isPooled = spec.takesVectors ?? false
    layers = try spec.layers.layers(input: input, layout: &layout)
    var tensors: Set<String> = []
    for slot in layout.parameters + layout.statistics
    where !tensors.insert(slot.name).inserted {
      throw .duplicateLayer(name: slot.name)
    }
    self.spec = spec
    self.layout = layout
    guard outputFrames(Self.minimumFramesLimit) > 0 else {
      throw .needsLongClips(limit: Self.minimumFramesLimit)
    }
  }

  /// Shape of the frames that the last layer gives.
  public var output: FrameShape { layers[layers.count - 1].output }

  /// Frames the last layer makes of a clip of `frames`; 0 when the clip is too short.
  public func outputFrames(_ frames: Int) -> Int { layers.outputFrames(frames) }

  /// The fewest frames the network can work on.
  public var minimumFrames: Int {
    var frames = 1
    while outputFrames(frames) < 1 { frames += 1 }
    return frames
  }

  /// Multiplications and additions for a clip of `frames`, each counted.
  public func floatingPointOperations(_ frames: Int) -> Int {
    layers.floatingPointOperations(frames)
  }

  /// The answer of the layers in `range` (all, if not said). Every clip must have at least
  /// `minimumFrames` frames.
  public func forward(
    _ x: consuming Batch, _ weights: Weights, layers range: Range<Int>? = nil
  ) -> Batch {
    var x = x
    for layer in layers[range ?? layers.indices] {
      precondition(
        x.lengths.allSatisfy { layer.outputFrames($0) > 0 }, "a clip is too short for \(layer.name)"
      )
      x = layer.forward(x, weights)
    }
    return x
  }
}

extension Network {
  /// How much each frame of a clip counts where the network pools by attention, summing to one: the
  /// mean over all such layers, each frame of theirs spread over the frames it was made of. Nil when
  /// the network has no such layer.
  public func attention(_ clip: Batch, _ weights: Weights) -> [Float]? {
    precondition(clip.lengths.count == 1, "one clip at a time")
    let found = layers.attention(of: clip, weights)
    guard !found.isEmpty else { return nil }
    var mean = [Float](repeating: 0, count: clip.frames)
    for trace in found {
      let share = Float(trace.count) / Float(clip.frames * found.count)
      for t in mean.indices { mean[t] += trace[t * trace.count / clip.frames] * share }
    }
    let total = mean.reduce(0, +)
    return mean.map { $0 / total }
  }
}

extension Network {
  /// The same function in fewer steps, for inference: batch normalisation taken into the convolution
  /// before it, a rectifier into the product's last pass, dropout gone. Weights of layers that are
  /// gone remain in their places, unused.
  public func folded(_ weights: Weights) -> (Network, Weights) {
    var weights = weights
    var network = self
    network.layers = layers.folded(&weights).frozen(weights)
    return network.layers.isEmpty ? (self, weights) : (network, weights)
  }
}
