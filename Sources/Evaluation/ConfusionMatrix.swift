/// How often each class was taken for each: `counts[true][predicted]`.
///
/// Figures agree with scikit-learn's; a class that is neither there nor predicted counts for nothing.
public struct ConfusionMatrix: Codable, Sendable, Equatable {
  public let labels: [String]
  public private(set) var counts: [[Int]]

  public init(labels: [String]) {
    self.labels = labels
    counts = Array(repeating: Array(repeating: 0, count: labels.count), count: labels.count)
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    labels = try values.decode([String].self, forKey: .labels)
    counts = try values.decode([[Int]].self, forKey: .counts)
    let plausible = 0...Int(Int32.max)
    guard counts.count == labels.count,
      counts.allSatisfy({ $0.count == labels.count && $0.allSatisfy(plausible.contains) })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .counts, in: values, debugDescription: "not a count for every pair of labels")
    }
  }

  public mutating func add(target: Int, predicted: Int, count: Int = 1) {
    counts[target][predicted] += count
  }

  public static func += (sum: inout ConfusionMatrix, other: ConfusionMatrix) {
    precondition(sum.labels == other.labels, "labels differ: \(sum.labels), \(other.labels)")
    for target in other.counts.indices {
      for predicted in other.counts.indices {
        sum.counts[target][predicted] += other.counts[target][predicted]
      }
    }
  }

  public var total: Int { counts.joined().reduce(0, +) }

  /// Fraction of clips recognised; 0 without clips.
  public var accuracy: Double {
    ratio(labels.indices.reduce(0) { $0 + counts[$1][$1] }, total)
  }

  /// Mean recall of the classes that have clips (UAR, `balanced_accuracy_score`).
  public var unweightedAverageRecall: Double {
    mean(labels.indices.filter { support($0) > 0 }.map(recall))
  }

  public var macroF1: Double {
    mean(labels.indices.filter { support($0) + predictions($0) > 0 }.map(f1))
  }

  /// F1 weighted by the clips of each class.
  public var weightedF1: Double {
    labels.indices.reduce(0) { $0 + f1($1) * Double(support($1)) } / Double(max(total, 1))
  }

  /// Clips of the class.
  public func support(_ label: Int) -> Int { counts[label].reduce(0, +) }
  /// Clips taken for the class.
  public func predictions(_ label: Int) -> Int { counts.reduce(0) { $0 + $1[label] } }

  /// Fraction of the class's clips that were recognised; 0 when it has none.
  public func recall(_ label: Int) -> Double { ratio(counts[label][label], support(label)) }
  /// Fraction of the clips taken for the class that are; 0 when none were.
  public func precision(_ label: Int) -> Double { ratio(counts[label][label], predictions(label)) }
  /// Harmonic mean of precision and recall.
  public func f1(_ label: Int) -> Double {
    ratio(2 * counts[label][label], support(label) + predictions(label))
  }
}

func ratio(_ part: Int, _ whole: Int) -> Double {
  whole == 0 ? 0 : Double(part) / Double(whole)
}

package func mean(_ values: [Double]) -> Double {
  values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
}
