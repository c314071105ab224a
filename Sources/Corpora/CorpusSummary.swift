import CommandLineTool
import FileIO

/// What is in some clips, counted.
public struct CorpusSummary: Codable, Sendable, Equatable {
  public struct Part: Codable, Sendable, Equatable {
    public let clips: Int
    public let labels: [String: Int]
    public let speakers: [String: Int]
    /// `female`, `male` and `unknown`: speakers, not clips.
    public let sexes: [String: Int]
    public let intensities: [String: Int]
    public let sentences: Int
  }

  /// By the corpora's names.
  public let corpora: [String: Part]
  public let skipped: [SkippedFile]

  public init(clips: [Clip], skipped: [SkippedFile]) {
    corpora = Dictionary(grouping: clips, by: \.corpus).mapValues(Part.init)
    self.skipped = skipped
  }
}

extension CorpusSummary.Part {
  fileprivate init(_ clips: [Clip]) {
    self.clips = clips.count
    labels = tally(clips.map(\.label))
    speakers = tally(clips.map(\.speaker))
    let sexes = Dictionary(grouping: clips, by: \.speaker).values.map { $0[0].sex?.rawValue }
    self.sexes = tally(sexes.map { $0 ?? "unknown" })
    intensities = tally(clips.compactMap(\.intensity?.rawValue))
    sentences = Set(clips.compactMap(\.sentence)).count
  }
}

private func tally(_ words: [String]) -> [String: Int] {
  Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +)
}

extension CorpusSummary: CustomStringConvertible {
  public var description: String {
    ([overview, emotions] + corpora.keys.sorted().map(speakers) + [skips])
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var parts: [(name: String, part: Part)] {
    corpora.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private var overview: String {
    var table = TextTable(header: ["corpus", "clips", "speakers", "women", "men", "sentences"])
    for (name, part) in parts {
      let sexes = Sex.allCases.map { part.sexes[$0.rawValue, default: 0] }
      let figures = [part.clips, part.speakers.count] + sexes + [part.sentences]
      table.add([name] + figures.map { "\($0)" })
    }
    return table.text
  }

  private var emotions: String {
    let found = Set(corpora.values.flatMap(\.labels.keys))
    let known = Emotion.allCases.map(\.rawValue).filter(found.contains)
    var table = TextTable(header: ["emotion"] + parts.map(\.name))
    for label in known + found.subtracting(known).sorted() {
      table.add([label] + parts.map { "\($0.part.labels[label, default: 0])" })
    }
    return table.text
  }

  private func speakers(of corpus: String) -> String {
    let speakers = corpora[corpus]?.speakers ?? [:]
    var table = TextTable(header: ["speaker", "clips"])
    for (speaker, count) in speakers.sorted(by: { $0.key < $1.key }) {
      table.add([speaker, "\(count)"])
    }
    return table.text
  }

  private var skips: String {
    guard !skipped.isEmpty else { return "" }
    let lines = skipped.map { "  \(shown($0.path)): \($0.reason)\n" }
    return "\(skipped.count) files skipped\n" + lines.joined()
  }
}
