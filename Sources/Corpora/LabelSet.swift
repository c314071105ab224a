/// The classes of a network, in the order of its outputs. A clip with another label is left out.
public struct LabelSet: Codable, Sendable, Equatable {
  public let labels: [String]

  public init(_ labels: [String]) {
    precondition(Set(labels).count == labels.count, "labels are not unique: \(labels)")
    self.labels = labels
  }

  /// The whole vocabulary.
  public static let all = LabelSet(Emotion.allCases.map(\.rawValue))

  /// The labels that the clips have: those of the vocabulary in its order, others after them.
  public static func own(of clips: [Clip]) -> LabelSet {
    let found = Set(clips.map(\.label))
    let known = Emotion.allCases.map(\.rawValue).filter(found.contains)
    return LabelSet(known + found.subtracting(known).sorted())
  }

  /// The index of the clip's class, nil when it has none here.
  public func index(of clip: Clip) -> Int? {
    labels.firstIndex(of: clip.label)
  }

  public func clips(among clips: [Clip]) -> [Clip] {
    clips.filter { labels.contains($0.label) }
  }
}
