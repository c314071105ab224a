import LinearAlgebra

/// How well logits tell the labels of the validation part.
struct ValidationQuality: Sendable, Equatable {
  /// Mean cross-entropy in nats.
  let loss: Double
  let accuracy: Double
  /// Mean over the classes present of the fraction recognised.
  let uar: Double

  /// `logits`: one row a clip.
  init(_ logits: [[Float]], labels: [Int]) {
    let classes = logits.first?.count ?? 0
    var (right, total) = ([Int](repeating: 0, count: classes), [Int](repeating: 0, count: classes))
    var loss = 0.0
    for (row, label) in zip(logits, labels) {
      total[label] += 1
      if row[...].largestOffset == label { right[label] += 1 }
      loss += logSumExp(row) - Double(row[label])
    }
    self.loss = loss / Double(max(labels.count, 1))
    accuracy = Double(right.reduce(0, +)) / Double(max(labels.count, 1))
    let recalls = zip(right, total).filter { $0.1 > 0 }.map { Double($0.0) / Double($0.1) }
    uar = recalls.isEmpty ? 0 : recalls.reduce(0, +) / Double(recalls.count)
  }
}
