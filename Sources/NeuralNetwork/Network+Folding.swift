extension Network {
  /// The same function in fewer steps, for inference: batch normalisation taken into the convolution
  /// before it, a rectifier into the product's last pass, dropout gone. Weights of layers that are
  /// gone remain in their places, unused.
  public func folded(_ weights: Weights) -> (Network, Weights) {
    var weights = weights
    var network = self
    network.layers = layers.folded(&weights)
    return network.layers.isEmpty ? (self, weights) : (network, weights)
  }
}
