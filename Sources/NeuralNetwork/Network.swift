/// A network: layers in order and where their weights lie. Constant; the weights are beside it.
public struct Network: Sendable {
  /// Far above any network this service is for, far below what would exhaust a machine.
  public static let parameterLimit = 32_000_000
  /// Values of one frame anywhere in the network; of all its patches under a convolution's kernel,
  /// sixteen times as many.
  static let frameSizeLimit = 1 << 20
  /// A network that needs a longer clip than this for one answer is refused.
  static let minimumFramesLimit = 100_000

  public let spec: NetworkSpec
  public let layers: [any Layer]
  public let layout: ParameterLayout

  public init(_ spec: NetworkSpec) throws(ModelError) {
    guard 1...4096 ~= spec.bands, 1...4096 ~= spec.channels else {
      throw .invalidMetadata(
        key: "network", problem: "an input frame has 1 to 4096 bands, 1 to 4096 channels")
    }
    let all = spec.layers.nested
    guard !spec.layers.isEmpty else { throw .noLayers }
    guard all.count <= 256 else {
      throw .invalidMetadata(key: "network", problem: "has more than 256 layers")
    }
    var names: Set<String> = []
    for layer in all where !names.insert(layer.name).inserted {
      throw .duplicateLayer(name: layer.name)
    }
    for case .softmax(let softmax) in all where softmax.name != spec.layers.last?.name {
      // Training takes a closing softmax into its loss and has no other.
      throw .invalidLayer(name: softmax.name, problem: "must be the network's last layer")
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
      throw .invalidMetadata(
        key: "network", problem: "needs clips of more than \(Self.minimumFramesLimit) frames")
    }
  }

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
