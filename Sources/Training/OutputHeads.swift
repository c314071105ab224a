import Corpora
package import NeuralNetwork

/// What a network's outputs answer while it learns (multi-task learning, Caruana 1997): which class it is, and beside it, if
/// asked for, which class acted how strongly, with a softmax of its own. Units of the last dense layer answer that and are cut
/// off in the end; what they have taught the layers before remains.
package struct OutputHeads: Sendable, Equatable {
  /// Normal and strong.
  private static let strengths = 2

  /// Of the model.
  package let classes: Int
  /// How much it counts to tell how strongly an emotion is acted; 0 does not ask.
  private let intensity: Float

  /// - Parameters:
  ///   - classes: Labels of the model.
  ///   - intensity: How much it counts to tell how strongly an emotion is acted; 0 does not ask.
  package init(classes: Int, intensity: Float) {
    self.classes = classes
    self.intensity = intensity
  }

  /// Outputs of the network while it learns.
  package var count: Int { intensity > 0 ? (1 + Self.strengths) * classes : classes }

  /// What a clip should answer. Nothing is asked that nobody knows.
  /// - Parameters:
  ///   - labels: Classes that the clip's corpus has, ascending: a corpus that cannot say calm does not say that a clip is
  ///     not calm.
  ///   - copy: Which of the example's copies is learned from, the variants first.
  ///   - options: Label smoothing, and how much the classes count that the corpus lacks.
  ///   - weight: How much the clip counts.
  package func target(
    of example: TrainingExample, copy: Int = 0, labels: [Int], _ options: TrainingOptions,
    weight: Float
  ) -> Target {
    let teacher = example.teacherLogits.map { logits in
      logits[copy].map { $0 / options.teacherTemperature }
    }
    let fraction = labels.count < classes ? options.absentLabelWeight : 0
    var target = Target(
      questions: [(labels, 1 - fraction), (Array(0..<classes), fraction)].filter { $0.1 > 0 }.map {
        Target.Question(
          answer: example.label, among: $0.0, smoothing: options.labelSmoothing,
          weight: $0.1 * weight
        ).mixed(with: example.votes, fraction: options.voteFraction)
          .mixed(withLogits: teacher, fraction: options.teacherFraction)
      }, weight: weight)
    if intensity > 0, let isStrong = example.clip.intensity?.isStrong {
      let answer = classes + Self.strengths * example.label + (isStrong ? 1 : 0)
      target.questions.append(
        .init(answer: answer, among: Array(classes..<count), weight: weight * intensity))
    }
    return target
  }

  /// The same layers with units for all that is asked in the last one.
  /// - Throws: `invalidLayer` where more than the classes is asked and the last layer before a softmax is not dense.
  package func widened(_ layers: [LayerSpec]) throws(NetworkError) -> [LayerSpec] {
    guard count > classes else { return layers }
    var layers = layers
    let place = layers.lastIndex { !($0.specification is Softmax.Spec) }
    guard let place, var dense = layers[place].specification as? Dense.Spec else {
      throw .invalidLayer(
        name: layers.last?.name ?? "",
        problem: "what is learned beside the classes takes a dense layer before softmax")
    }
    dense.units = count
    layers[place] = .dense(dense)
    return layers
  }

  /// The weights without those of the other questions.
  package func cut(_ weights: Weights, of network: Network) -> Weights {
    guard count > classes,
      let dense = network.layers.lazy.compactMap({ $0 as? Dense }).last
    else { return weights }
    let kept = dense.weight.filter { ($0 - dense.weight.lowerBound) % count < classes }
    return Weights(
      parameters: weights.parameters[..<dense.weight.lowerBound]
        + kept.map { weights.parameters[$0] } + weights.parameters[dense.bias.prefix(classes)],
      statistics: weights.statistics)
  }
}

extension Intensity {
  fileprivate var isStrong: Bool {
    switch self {
    case .low, .normal, .medium: false
    case .strong, .high: true
    }
  }
}
