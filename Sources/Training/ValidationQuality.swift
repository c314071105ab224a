import NeuralNetwork

/// How well logits tell the labels of the validation part. Each clip is asked what training asks it: among the labels of its
/// corpus, where training does so.
struct ValidationQuality: Sendable, Equatable {
  /// Mean cross-entropy in nats.
  let loss: Double
  let accuracy: Double
  /// Mean over the classes present of the fraction recognised.
  let uar: Double

  /// - Parameters:
  ///   - logits: A row for each clip, one number a class.
  ///   - targets: One for each clip.
  ///   - labels: One for each clip.
  init(_ logits: [[Float]], _ targets: [Target], labels: [Int]) {
    let classes = logits.first?.count ?? 0
    var (right, total) = ([Int](repeating: 0, count: classes), [Int](repeating: 0, count: classes))
    var loss = 0.0
    for (clip, label) in labels.enumerated() {
      let row = Batch(lengths: [1], bands: 1, channels: classes, values: logits[clip])
      let entropy = CrossEntropy(row, [targets[clip]])
      loss += entropy.loss
      right[label] += entropy.correct
      total[label] += 1
    }
    self.loss = loss / Double(max(labels.count, 1))
    accuracy = Double(right.reduce(0, +)) / Double(max(labels.count, 1))
    let recalls = zip(right, total).filter { $0.1 > 0 }.map { Double($0.0) / Double($0.1) }
    uar = recalls.isEmpty ? 0 : recalls.reduce(0, +) / Double(recalls.count)
  }
}
