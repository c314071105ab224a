extension Network {
  /// The same function with fewer steps, for inference: batch normalisation taken into the
  /// convolution before it, a rectifier into the product's last pass, dropout gone.
  public func folded(_ weights: Weights) -> (Network, Weights) {
    var specs: [LayerSpec] = []
    var parameters: [[Float]] = []
    var rectified: Set<String> = []
    for (index, layer) in layers.enumerated() {
      let next = index + 1 < layers.count ? layers[index + 1] : nil
      switch layer {
      case let convolution as Conv2D:
        var spec = convolution.spec
        spec.bias = true
        specs.append(.conv2d(spec))
        let (kernel, bias) = convolution.folded(with: next as? BatchNorm, weights)
        parameters += [kernel, bias]
      case is BatchNorm where index > 0 && layers[index - 1] is Conv2D: break
      case is Dropout: break
      case is ReLU:
        if case .conv2d(let spec)? = specs.last {
          rectified.insert(spec.name)
        } else {
          specs.append(self.spec.layers[index])
        }
      default:
        specs.append(self.spec.layers[index])
        parameters += slots(of: layer).map { Array(weights.parameters[$0.range]) }
      }
    }
    return rebuilt(specs, parameters, rectified, weights)
  }

  private func rebuilt(
    _ specs: [LayerSpec], _ parameters: [[Float]], _ rectified: Set<String>, _ weights: Weights
  ) -> (Network, Weights) {
    let spec = NetworkSpec(bands: spec.bands, channels: spec.channels, layers: specs)
    guard var network = try? Network(spec) else { preconditionFailure("folding broke a network") }
    network = network.replacing { layer in
      guard var convolution = layer as? Conv2D, rectified.contains(layer.name) else { return layer }
      convolution.rectifies = true
      return convolution
    }
    let names = Set(network.layout.statistics.map(\.name))
    let statistics = layout.statistics.filter { names.contains($0.name) }
    return (
      network,
      Weights(
        parameters: Array(parameters.joined()),
        statistics: statistics.flatMap { weights.statistics[$0.range] })
    )
  }

  private func replacing(_ transform: (any Layer) -> any Layer) -> Network {
    Network(spec: spec, layers: layers.map(transform), layout: layout)
  }

  private init(spec: NetworkSpec, layers: [any Layer], layout: ParameterLayout) {
    (self.spec, self.layers, self.layout) = (spec, layers, layout)
  }

  private func slots(of layer: any Layer) -> [ParameterSlot] {
    layout.parameters.filter { $0.name.hasPrefix(layer.name + ".") }
  }
}

extension Conv2D {
  /// Kernel and bias with a normalisation's scale and shift taken in.
  fileprivate func folded(with norm: BatchNorm?, _ weights: Weights) -> ([Float], [Float]) {
    var kernel = Array(weights.parameters[weight])
    var bias =
      bias.map { Array(weights.parameters[$0]) } ?? .init(repeating: 0, count: spec.channels)
    guard let norm else { return (kernel, bias) }
    let (scale, shift) = norm.affine(weights)
    for i in kernel.indices { kernel[i] *= scale[i % spec.channels] }
    for c in bias.indices { bias[c] = bias[c] * scale[c] + shift[c] }
    return (kernel, bias)
  }
}
