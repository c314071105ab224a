extension Network {
  /// The layers before a closing softmax: training and calibration work on logits.
  public var logitLayers: Range<Int> {
    layers.last is Softmax ? 0..<layers.count - 1 : 0..<layers.count
  }

  /// Logits of each clip, (clips, classes).
  public func logits(_ x: consuming Batch, _ weights: Weights) -> Batch {
    forward(x, weights, layers: logitLayers)
  }

  /// A network that classifies ends pooled, with one output a label.
  package func checkClassifies(_ labels: [String]) throws(NetworkError) {
    guard output.isPooled else { throw .notPooled }
    guard output.mergedBands == 1 else { throw .outputHasBands }
    guard output.size == labels.count else {
      throw .outputMismatch(labels: labels.count, outputs: output.size)
    }
  }
}
