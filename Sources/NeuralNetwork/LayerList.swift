extension [LayerSpec] {
  /// The layers in order, each for the frames that the one before gives.
  ///
  /// Throws `NetworkError.invalidLayer` for one that does not fit, `NetworkError.tooManyParameters`.
  func layers(
    input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) -> [any Layer] {
    var shape = input
    var layers: [any Layer] = []
    for spec in map(\.specification) {
      let layer = try spec.layer(input: shape, layout: &layout)
      guard layout.parameterCount <= Network.parameterLimit else {
        throw .tooManyParameters(found: layout.parameterCount, limit: Network.parameterLimit)
      }
      shape = layer.output
      shape.isNetworkInput = false
      try spec.check(
        shape.size <= Network.frameSizeLimit,
        "gives frames of \(shape.size) values, more than \(Network.frameSizeLimit)")
      layers.append(layer)
    }
    return layers
  }

  /// All layers, those inside others too.
  package var nested: [LayerSpec] { flatMap { [$0] + $0.specification.inner.nested } }
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

  func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    reduce(x) { $1.forward($0, weights) }
  }

  /// The frozen layers in fewer steps, and `weights` changed for them.
  func folded(_ weights: inout Weights) -> [any Layer] {
    var folded: [any Layer] = []
    for layer in self where !layer.isIdentity {
      if let merged = folded.last?.absorbing(layer, &weights) {
        folded[folded.count - 1] = merged
      } else {
        folded.append(layer.foldingInside(&weights))
      }
    }
    return folded
  }

  /// The layers for weights that will not change any more.
  func frozen(_ weights: Weights) -> [any Layer] { map { $0.frozen(weights) } }

  /// How much each frame counts, for each pooling by attention on the way.
  func attention(of clip: Batch, _ weights: Weights) -> [[Float]] {
    var x = clip
    var found: [[Float]] = []
    for layer in self {
      found += layer.attention(of: x, weights)
      x = layer.forward(x, weights)
    }
    return found
  }
}
