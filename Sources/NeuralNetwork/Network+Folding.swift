extension Network {
  /// The same function with fewer steps, for inference: batch normalisation taken into the
  /// convolution before it, a rectifier into the product's last pass, dropout gone.
  public func folded(_ weights: Weights) -> (Network, Weights) {
    var folding = Folding(self, weights)
    let specs = folding.fold(spec.layers, layers)
    if specs.isEmpty { return (self, weights) }
    let spec = NetworkSpec(
      bands: spec.bands, channels: spec.channels, layers: specs, takesVectors: spec.takesVectors)
    guard let network = try? Network(spec) else { preconditionFailure("folding broke a network") }
    let kept = Set(network.layout.statistics.map(\.name))
    let statistics = layout.statistics.filter { kept.contains($0.name) }
    return (
      Network(
        spec: spec, layers: network.layers.rectifying(folding.rectified), layout: network.layout),
      Weights(
        parameters: folding.parameters,
        statistics: statistics.flatMap { weights.statistics[$0.range] })
    )
  }

  private init(spec: NetworkSpec, layers: [any Layer], layout: ParameterLayout) {
    (self.spec, self.layers, self.layout) = (spec, layers, layout)
  }
}

/// Folds lists of layers one after the other; their parameters come in the order in which the
/// folded network lays them out.
private struct Folding {
  let weights: Weights
  /// Tensors of each layer.
  private let slots: [String: [ParameterSlot]]
  private(set) var parameters: [Float] = []
  /// Names of convolutions that took a rectifier in.
  private(set) var rectified: Set<String> = []

  init(_ network: Network, _ weights: Weights) {
    self.weights = weights
    let names = network.spec.layers.nested.map(\.name)
    // A layer's name may be the beginning of another's, `block` and `block.norm`.
    slots = Dictionary(grouping: network.layout.parameters) { slot in
      names.filter { slot.name.hasPrefix($0 + ".") }.max { $0.count < $1.count } ?? ""
    }
  }

  mutating func fold(_ specs: [LayerSpec], _ layers: [any Layer]) -> [LayerSpec] {
    var folded: [LayerSpec] = []
    for (index, layer) in layers.enumerated() {
      switch layer {
      case let convolution as Conv2D:
        let next = index + 1 < layers.count ? layers[index + 1] as? BatchNorm : nil
        var spec = convolution.spec
        spec.bias = spec.bias || next != nil
        folded.append(.conv2d(spec))
        let (kernel, bias) = convolution.folded(with: next, weights)
        parameters += spec.bias ? kernel + bias : kernel
      case is BatchNorm where index > 0 && layers[index - 1] is Conv2D: break
      case is Dropout: break
      case let residual as Residual:
        let inner = fold(residual.spec.layers, residual.layers)
        folded.append(.residual(.init(name: residual.name, layers: inner)))
      case is ReLU:
        if case .conv2d(let spec)? = folded.last, spec.bias {
          rectified.insert(spec.name)
        } else {
          folded.append(specs[index])
        }
      default:
        folded.append(specs[index])
        for slot in slots[layer.name] ?? [] { parameters += weights.parameters[slot.range] }
      }
    }
    return folded
  }
}

extension [any Layer] {
  /// The same layers, the convolutions of these names followed by a rectifier.
  fileprivate func rectifying(_ names: Set<String>) -> [any Layer] {
    map { layer in
      switch layer {
      case var convolution as Conv2D where names.contains(layer.name):
        convolution.rectifies = true
        return convolution
      case var residual as Residual:
        residual.layers = residual.layers.rectifying(names)
        return residual
      default: return layer
      }
    }
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
