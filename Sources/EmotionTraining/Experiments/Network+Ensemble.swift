public import EmotionModel

extension Network {
  /// One network whose logits are the mean of this one's under different weights: each set becomes
  /// a branch, and a dense layer with fixed weights takes the mean.
  public func averaging(_ members: [Weights]) throws(ModelError) -> (Network, Weights) {
    guard members.count > 1 else { return (self, members[0]) }
    let classes = output.size
    let inner = Array(spec.layers[logitLayers])
    let branches = members.indices.map { member in inner.map { $0.renamed("member\(member + 1)-") }
    }
    let ensemble = try Network(
      NetworkSpec(
        bands: spec.bands, channels: spec.channels,
        layers: [
          .parallel(.init(name: "members", branches: branches)),
          .dense(.init(name: "mean", units: classes)), .softmax(.init(name: "probabilities")),
        ]))
    // (members · classes, classes): every member's logit of a class counts the same.
    let mean = (0..<members.count * classes * classes).map { place -> Float in
      place / classes % classes == place % classes ? 1 / Float(members.count) : 0
    }
    return (
      ensemble,
      Weights(
        parameters: members.flatMap(\.parameters) + mean + .init(repeating: 0, count: classes),
        statistics: members.flatMap(\.statistics))
    )
  }
}
