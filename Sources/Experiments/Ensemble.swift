package import NeuralNetwork

/// Networks that hear the same and whose logits are added, put together into one.
///
///     parallel ─┬─ own layers ────────────────────────┬─ dense (the shares) ─ softmax
///               └─ functionals ─ parallel ─┬─ … ─┬────┘
///                                          └─ … ─┘ dense (the mean)
package struct Ensemble {
  /// Networks of the same layers but other weights; each counts the same.
  package struct Group {
    let name: String
    let share: Float
    let network: Network
    /// What comes before the network and is the same for all: it has no weights.
    let prefix: [LayerSpec]
    let members: [Weights]

    package init(
      name: String, share: Float = 1, network: Network, prefix: [LayerSpec] = [],
      members: [Weights]
    ) {
      self.name = name
      self.share = share
      self.network = network
      self.prefix = prefix
      self.members = members
    }
  }

  package let network: Network
  package let weights: Weights

  /// - Parameter bands, channels: Of the feature maps.
  package init(_ groups: [Group], bands: Int, channels: Int) throws(NetworkError) {
    let classes = groups[0].network.output.size
    let branches = groups.map { $0.branch(among: groups.count, classes: classes) }
    var parameters = groups.flatMap { $0.parameters(classes: classes) }
    var layers = branches[0]
    if groups.count > 1 {
      layers = [
        .parallel(.init(name: "networks", branches: branches)),
        .dense(.init(name: "sum", units: classes)),
      ]
      parameters += addition(of: groups.map(\.share), classes: classes)
    }
    network = try Network(
      NetworkSpec(
        bands: bands, channels: channels, layers: layers + [.softmax(.init(name: "probabilities"))])
    )
    weights = Weights(
      parameters: parameters, statistics: groups.flatMap { $0.members.flatMap(\.statistics) })
  }
}

extension Ensemble.Group {
  fileprivate func branch(among count: Int, classes: Int) -> [LayerSpec] {
    let own = Array(network.spec.layers[network.logitLayers])
    var layers = own
    if members.count > 1 {
      layers = [
        .parallel(
          .init(
            name: "members",
            branches: members.indices.map { number in
              own.map { $0.renamed("member\(number + 1)-") }
            })),
        .dense(.init(name: "mean", units: classes)),
      ]
    }
    layers = prefix + layers
    return count > 1 ? layers.map { $0.renamed(name + "-") } : layers
  }

  fileprivate func parameters(classes: Int) -> [Float] {
    let own = members.flatMap(\.parameters)
    if members.count == 1 { return own }
    return own
      + addition(of: members.map { _ in 1 / Float(members.count) }, classes: classes)
  }
}

/// Weights and bias of a dense layer that adds the answers of several networks, each weighted.
private func addition(of shares: [Float], classes: Int) -> [Float] {
  // (networks · classes, classes) in memory.
  let weights = shares.flatMap { share in
    (0..<classes * classes).map { $0 / classes == $0 % classes ? share : 0 }
  }
  return weights + .init(repeating: 0, count: classes)
}
