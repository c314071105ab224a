import Recognition

extension [Score] {
  /// Those of the labels that may be the answer, in the model's order, scaled so that they sum to one.
  /// - Parameter labels: nil for all.
  func restricted(to labels: [String]?) -> [Score] {
    guard let labels else { return self }
    let scores = filter { labels.contains($0.label) }
    // All of them may have become zero in floating point.
    let weights = scores.map { $0.probability == 0 ? .leastNormalMagnitude : $0.probability }
    let sum = weights.reduce(0, +)
    return zip(scores, weights).map { Score(label: $0.label, probability: $1 / sum) }
  }
}

extension Prediction {
  func restricted(to labels: [String]?) -> Prediction {
    Prediction(
      scores: scores.restricted(to: labels), audio: audio, model: model, quality: quality)
  }
}

extension ModelCard {
  /// The labels of an answer, in the model's order.
  /// - Parameter wanted: nil for all.
  /// - Throws: `unknownLabel` where the model does not know one.
  func labels(among wanted: [String]?) throws(ParameterError) -> [String] {
    guard let wanted else { return labels }
    guard wanted.allSatisfy(labels.contains) else { throw .unknownLabel(known: labels) }
    return labels.filter(wanted.contains)
  }
}
