import Recognition

extension [Score] {
  /// Those of the labels that may be the answer, in the model's order, scaled so that they sum to one.
  /// - Parameter labels: nil for all.
  func restricted(to labels: Set<String>?) -> [Score] {
    guard let labels else { return self }
    let scores = filter { labels.contains($0.label) }
    // All of them may have become zero in floating point.
    let weights = scores.map { $0.probability == 0 ? .leastNormalMagnitude : $0.probability }
    let sum = weights.reduce(0, +)
    return zip(scores, weights).map { Score(label: $0.label, probability: $1 / sum) }
  }
}

extension Prediction {
  func restricted(to labels: Set<String>?) -> Prediction {
    guard let labels else { return self }
    return Prediction(
      scores: scores.restricted(to: labels), audio: audio, model: model, quality: quality)
  }
}

extension SpeechRecognizing {
  /// Checks the labels that are asked for.
  /// - Throws: `unknownLabel` where the model does not know one.
  func check(_ labels: Set<String>?) throws(ParameterError) {
    guard let labels else { return }
    let known = card.labels
    guard labels.isSubset(of: known) else { throw .unknownLabel(known: known) }
  }
}
