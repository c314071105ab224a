/// Several lists of layers that hear the same input; their answers are put side by side, the first
/// list's channels first (`torch.cat` over branches). Each branch must end pooled, one vector a
/// clip.
public struct Parallel: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public var branches: [[LayerSpec]]

    public init(name: String, branches: [[LayerSpec]]) {
      self.name = name
      self.branches = branches
    }
  }

  public let spec: Spec
  public let input: FrameShape
  public let output: FrameShape
  package internal(set) var branches: [[any Layer]]
  /// Channels of each branch's answer.
  package let widths: [Int]

  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape, layout: inout ParameterLayout) throws(NetworkError) {
    try spec.check(spec.branches.count, "the number of branches", 1...16)
    self.spec = spec
    self.input = input
    var branches: [[any Layer]] = []
    var widths: [Int] = []
    for specs in spec.branches {
      let layers = try specs.layers(input: input, layout: &layout)
      guard let last = layers.last?.output else { throw .noLayers }
      try spec.check(
        last.isPooled && last.bands == 1 && last.mergedBands == 1 && last.parts == 1,
        "each branch must end with a dense layer over a pooled vector")
      branches.append(layers)
      widths.append(last.channels)
    }
    (self.branches, self.widths) = (branches, widths)
    var shape = FrameShape(bands: 1, channels: widths.reduce(0, +))
    shape.isPooled = true
    output = shape
  }

  public func outputFrames(_ frames: Int) -> Int {
    branches.map { $0.outputFrames(frames) }.min() ?? 0
  }

  public func floatingPointOperations(_ frames: Int) -> Int {
    branches.reduce(0) { $0 + $1.floatingPointOperations(frames) }
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    let x = x
    return joined(
      branches.map { layers in layers.reduce(x) { $1.forward($0, weights) } })
  }

  /// Puts the branches' vectors of each clip side by side.
  package func joined(_ answers: [Batch]) -> Batch {
    let clips = answers[0].lengths.count
    var values: [Float] = []
    values.reserveCapacity(clips * output.channels)
    for clip in 0..<clips {
      for (answer, width) in zip(answers, widths) {
        values += answer.values[clip * width..<(clip + 1) * width]
      }
    }
    return Batch(lengths: answers[0].lengths, bands: 1, channels: output.channels, values: values)
  }
}

extension [any Layer] {
  /// Frames the last layer makes of `frames`; 0 when a layer gets too few.
  func outputFrames(_ frames: Int) -> Int {
    var frames = frames
    for layer in self {
      if frames < 1 { return 0 }
      frames = layer.outputFrames(frames)
    }
    return Swift.max(0, frames)
  }

  func floatingPointOperations(_ frames: Int) -> Int {
    var frames = frames
    return reduce(0) { total, layer in
      defer { frames = layer.outputFrames(frames) }
      return total + layer.floatingPointOperations(frames)
    }
  }
}

extension [LayerSpec] {
  /// The layers in order, each for the frames that the one before gives.
  func layers(
    input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) -> [any Layer] {
    var shape = input
    var layers: [any Layer] = []
    for spec in self {
      let before = layout.parameterCount
      let layer = try spec.layer(input: shape, layout: &layout)
      guard layout.parameterCount <= Network.parameterLimit else {
        throw .tooManyParameters(found: layout.parameterCount, limit: Network.parameterLimit)
      }
      let isGiven = shape.isGiven && layout.parameterCount == before
      shape = layer.output
      shape.isGiven = isGiven
      try spec.specification.check(
        shape.size <= Network.frameSizeLimit,
        "gives frames of \(shape.size) values, more than \(Network.frameSizeLimit)")
      layers.append(layer)
    }
    return layers
  }

  /// All layers, those inside others too.
  var nested: [LayerSpec] {
    flatMap { spec -> [LayerSpec] in
      switch spec {
      case .parallel(let parallel): [spec] + parallel.branches.flatMap(\.nested)
      case .residual(let residual): [spec] + residual.layers.nested
      default: [spec]
      }
    }
  }
}
