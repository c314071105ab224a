import Foundation
import LinearAlgebra
package import NeuralNetwork

/// A clip's target: how much of each class it is, and how much the clip counts.
package struct Target: Sendable, Equatable {
  /// One for each output of the network.
  package var probabilities: [Float]
  /// What the clip's loss is multiplied with.
  package var weight: Float

  /// - Parameter probabilities: One for each output; of each head they sum to 1, or to less where it counts less.
  package init(probabilities: [Float], weight: Float) {
    self.probabilities = probabilities
    self.weight = weight
  }

  /// All of one class, `smoothing` of it spread evenly (Szegedy et al. 2016; `torch.nn.CrossEntropyLoss(label_smoothing:)`).
  /// - Precondition: `label` is one of `classes`, counted from 0.
  package init(label: Int, classes: Int, smoothing: Float = 0, weight: Float = 1) {
    probabilities = .init(repeating: smoothing / Float(classes), count: classes)
    probabilities[label] += 1 - smoothing
    self.weight = weight
  }

  /// Part of one target, the rest of another (mixup, Zhang et al. 2018).
  package func mixed(with other: Target, fraction: Float) -> Target {
    Target(
      probabilities: zip(probabilities, other.probabilities).map {
        fraction * $0 + (1 - fraction) * $1
      },
      weight: fraction * weight + (1 - fraction) * other.weight)
  }
}

/// Cross-entropy of logits against targets: Σ weight · -Σ fraction · log softmax(logit).
package struct CrossEntropy {
  /// Sum over the clips, in nats.
  package let loss: Double
  /// Sum of the clips' weights.
  package let weight: Double
  /// Clips whose largest logit is where their target's largest fraction is, in the head that has most of it.
  package let correct: Int
  /// Probabilities minus targets, times weight: the gradient of `loss`. (clips, outputs)
  package var gradient: Batch

  /// - Parameters:
  ///   - logits: (clips, outputs), each clip one frame.
  ///   - targets: One a clip, with a probability for each output.
  ///   - heads: Parts of the outputs, each with a softmax of its own; one of all, if not said. A head whose probabilities sum
  ///     to less than 1 counts as much less.
  package init(_ logits: Batch, _ targets: [Target], heads: [Range<Int>]? = nil) {
    precondition(logits.frames == targets.count, "one target a clip")
    var gradient = logits
    var (loss, weight, correct) = (0.0, 0.0, 0)
    let heads = heads ?? [0..<logits.channels]
    for (clip, target) in targets.enumerated() {
      let start = clip * logits.channels
      var answered: (total: Float, isRight: Bool) = (0, false)
      for head in heads {
        let row = start + head.lowerBound..<start + head.upperBound
        let probabilities = target.probabilities[head]
        // Of a single head it is 1, whatever rounding makes of the sum.
        let total = heads.count == 1 ? 1 : probabilities.reduce(0, +)
        gradient.values.updatePart(row) { softmax(&$0) }
        let logsum = logSumExp(logits.values[row])
        var entropy = 0.0
        for (place, fraction) in zip(row, probabilities) {
          entropy += Double(fraction) * (logsum - Double(logits.values[place]))
          gradient.values[place] = target.weight * (total * gradient.values[place] - fraction)
        }
        loss += Double(target.weight) * entropy
        if total > answered.total {
          answered = (total, logits.values[row].largestOffset == probabilities.largestOffset)
        }
      }
      weight += Double(target.weight)
      if answered.isRight { correct += 1 }
    }
    (self.loss, self.weight, self.correct, self.gradient) = (loss, weight, correct, gradient)
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
