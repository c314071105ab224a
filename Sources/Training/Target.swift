import LinearAlgebra

/// What a clip should make a network answer: one or more questions, and how much the clip counts.
package struct Target: Sendable, Equatable {
  /// A softmax over some of the network's outputs, and what it should give.
  package struct Question: Sendable, Equatable {
    /// The outputs that may answer, ascending.
    package var outputs: [Int]
    /// Of each of these outputs; they sum to 1.
    package var probabilities: [Float]
    /// What its loss is multiplied with.
    package var weight: Float

    /// - Parameter probabilities: One for each of `outputs`.
    package init(outputs: [Int], probabilities: [Float], weight: Float) {
      self.outputs = outputs
      self.probabilities = probabilities
      self.weight = weight
    }

    /// All of one output, `smoothing` of it spread evenly over those that may answer (Szegedy et al. 2016;
    /// `torch.nn.CrossEntropyLoss(label_smoothing:)`).
    package init(answer: Int, among outputs: [Int], smoothing: Float = 0, weight: Float) {
      self.outputs = outputs
      self.weight = weight
      probabilities = outputs.map {
        smoothing / Float(outputs.count) + ($0 == answer ? 1 - smoothing : 0)
      }
    }

    /// Part of the answer replaced by what teachers say.
    /// - Parameter logits: One for each class, those that may not answer too, divided by the temperature; nil without teachers.
    package func mixed(withLogits logits: [Float]?, fraction: Float) -> Self {
      guard let logits else { return self }
      let own = softmax(outputs.map { logits[$0] }, scale: 1).map(Float.init)
      return mixed(own, fraction)
    }

    private func mixed(_ others: [Float], _ fraction: Float) -> Self {
      var mixed = self
      mixed.probabilities = zip(probabilities, others).map { (1 - fraction) * $0 + fraction * $1 }
      return mixed
    }

    /// Part of the answer replaced by what listeners voted.
    /// - Parameter votes: One fraction for each class, those that may not answer too; nil where nobody was asked.
    package func mixed(with votes: [Float]?, fraction: Float) -> Self {
      guard fraction > 0, let votes else { return self }
      let own = outputs.map { votes[$0] }
      let total = own.reduce(0, +)
      guard total > 0 else { return self }
      return mixed(own.map { $0 / total }, fraction)
    }
  }

  /// Their losses are added.
  package var questions: [Question]
  /// By what the sum of losses is divided for a mean.
  package var weight: Float

  /// - Parameter weight: By what a mean divides the loss.
  package init(questions: [Question], weight: Float) {
    self.questions = questions
    self.weight = weight
  }

  /// The class alone, asked among all classes.
  package init(label: Int, classes: Int, smoothing: Float = 0, weight: Float = 1) {
    self.init(
      questions: [
        Question(
          answer: label, among: Array(0..<classes), smoothing: smoothing, weight: weight)
      ], weight: weight)
  }

  /// Part of one target, the rest of another (mixup, Zhang et al. 2018): each asks its own questions, since not every
  /// clip may be asked the same.
  package func mixed(with other: Target, fraction: Float) -> Target {
    Target(
      questions: scaled(fraction).questions + other.scaled(1 - fraction).questions,
      weight: fraction * weight + (1 - fraction) * other.weight)
  }

  private func scaled(_ factor: Float) -> Target {
    var scaled = self
    for place in questions.indices { scaled.questions[place].weight *= factor }
    return scaled
  }
}
