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
  ) throws(ModelError) -> [any Layer] {
    var shape = input
    var layers: [any Layer] = []
    for spec in self {
      let layer = try spec.layer(input: shape, layout: &layout)
      guard layout.parameterCount <= Network.parameterLimit else {
        throw .tooManyParameters(found: layout.parameterCount, limit: Network.parameterLimit)
      }
      shape = layer.output
      shape.isNetworkInput = false
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
      case .residual(let residual): [spec] + residual.layers.nested
      default: [spec]
      }
    }
  }
}
