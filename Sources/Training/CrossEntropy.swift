import LinearAlgebra
package import NeuralNetwork

/// Cross-entropy of logits against targets: Σ over questions of weight · -Σ probability · log softmax(logit), each softmax over
/// the outputs that its question is put to.
package struct CrossEntropy {
  /// Sum over the clips, in nats.
  package private(set) var loss = 0.0
  /// Sum of the clips' weights.
  package private(set) var weight = 0.0
  /// Clips that are right in the question that counts most: the largest logit is where the largest probability is.
  package private(set) var correct = 0
  /// The gradient of `loss`: for each question probabilities minus targets, times weight. (clips, outputs)
  package private(set) var gradient: Batch

  /// - Parameters:
  ///   - logits: (clips, outputs)
  ///   - targets: One for each clip.
  package init(_ logits: Batch, _ targets: [Target]) {
    precondition(logits.frames == targets.count, "one target a clip")
    gradient = Batch(lengths: logits.lengths, bands: 1, channels: logits.channels)
    for (clip, target) in targets.enumerated() {
      let start = clip * logits.channels
      for question in target.questions { ask(question, logits.values, start) }
      weight += Double(target.weight)
      if let main = target.questions.max(by: { $0.weight < $1.weight }),
        main.isRight(main.outputs.map { logits.values[start + $0] })
      {
        correct += 1
      }
    }
  }

  private mutating func ask(_ question: Target.Question, _ values: [Float], _ start: Int) {
    let logits = question.outputs.map { values[start + $0] }
    let (logsum, answers) = (logSumExp(logits), softmax(logits, scale: 1))
    for (place, output) in question.outputs.enumerated() {
      let (logit, fraction) = (Double(logits[place]), question.probabilities[place])
      loss += Double(question.weight * fraction) * (logsum - logit)
      gradient.values[start + output] += question.weight * (Float(answers[place]) - fraction)
    }
  }
}

extension Target.Question {
  /// Whether the largest logit is where the largest probability is; of equals the first.
  fileprivate func isRight(_ logits: [Float]) -> Bool {
    logits[...].largestOffset == probabilities[...].largestOffset
  }
}

extension ArraySlice<Float> {
  /// Where the largest value lies, counted from the start of the slice; the first of equals.
  package var largestOffset: Int {
    var best = startIndex
    for place in indices where self[place] > self[best] { best = place }
    return best - startIndex
  }
}
