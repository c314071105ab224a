import Corpora
import LinearAlgebra

/// Divides clips into parts.
struct ClipDivider {
  let clips: [Clip]
  let validation: Double
  private var random: RandomSource
  /// Corpus and sex of every speaker.
  private let kinds: [String: String]

  init(clips: [Clip], validation: Double, seed: UInt64) {
    self.clips = clips
    self.validation = validation
    random = RandomSource(seed: seed)
    kinds = Dictionary(
      clips.map { ($0.speaker, "\($0.corpus)/\($0.sex?.rawValue ?? "")") },
      uniquingKeysWith: { first, _ in first })
  }

  mutating func random(test: Double) throws(SplitError) -> Split {
    precondition(0 < test && test < 1, "test fraction \(test)")
    guard clips.count >= 3 else { throw .tooFewClips(found: clips.count, needed: 3) }
    let held = stratified(Array(clips.indices), fraction: test)
    let rest = clips.indices.filter { !held.contains($0) }
    let steering = validation > 0 ? stratified(rest, fraction: validation) : []
    let training = rest.filter { !steering.contains($0) }
    guard !training.isEmpty else { throw .tooFewClips(found: clips.count, needed: clips.count + 1) }
    return Split(
      name: "random", training: training, validation: steering.sorted(), test: held.sorted())
  }

  mutating func folds(count: Int) throws(SplitError) -> [Split] {
    precondition(count > 1, "\(count) folds")
    let speakers = try speakers(atLeast: max(count, 3))
    var folds = [Set<String>](repeating: [], count: count)
    // Kind after kind, so that each is spread over the folds as evenly as it goes.
    for (index, speaker) in shuffledKinds(speakers).joined().enumerated() {
      folds[index % count].insert(speaker)
    }
    return try folds.enumerated().map { index, test throws(SplitError) in
      try split("fold \(index + 1)", training: speakers.subtracting(test), test: test)
    }
  }

  /// Corpora of the file that are not among the clips are passed over, and so are folds of which nobody is left.
  mutating func folds(_ file: Folds) throws(SplitError) -> [Split] {
    let present = file.corpora.intersection(clips.map(\.corpus))
    guard !present.isEmpty else {
      throw .unknownCorpus(file.corpora.sorted().joined(separator: ", "))
    }
    let folds = try file.folds.map { fold throws(SplitError) in
      try speakers(fold.filter { present.contains($0.key) })
    }
    let listed = Set(folds.joined())
    let others = Set(clips.filter { !present.contains($0.corpus) }.map(\.speaker))
    return try folds.enumerated().filter { !$0.element.isEmpty }.map {
      index, test throws(SplitError) in
      try split(
        "fold \(index + 1)", training: listed.subtracting(test), test: test, always: others)
    }
  }

  /// All speakers train or steer; none is tested.
  mutating func steered() throws(SplitError) -> Split {
    try split("all", training: speakers(atLeast: 2), test: [])
  }

  mutating func leaveOneSpeakerOut() throws(SplitError) -> [Split] {
    let speakers = try speakers(atLeast: 3)
    return try speakers.sorted().map { speaker throws(SplitError) in
      try split(speaker, training: speakers.subtracting([speaker]), test: [speaker])
    }
  }

  mutating func crossCorpus(
    training: [String], test: [String]
  ) throws(SplitError) -> Split {
    if let both = training.first(where: test.contains) { throw .corpusOnBothSides(both) }
    let known = Set(clips.map(\.corpus))
    if let missing = (training + test).first(where: { !known.contains($0) }) {
      throw .unknownCorpus(missing)
    }
    let name = "\(training.joined(separator: "+")) → \(test.joined(separator: "+"))"
    return try split(name, training: speakers(of: training), test: speakers(of: test))
  }
}

// MARK: - Speakers

extension ClipDivider {
  /// Validation speakers come from `training`, never from `always`.
  private mutating func split(
    _ name: String, training: Set<String>, test: Set<String>, always: Set<String> = []
  ) throws(SplitError) -> Split {
    let (found, needed) =
      validation > 0 ? (training.count, 2) : (training.union(always).count, 1)
    guard found >= needed else { throw .tooFewSpeakers(found: found, needed: needed) }
    let wanted = Int((validation * Double(training.count)).rounded())
    let count = validation > 0 ? min(max(wanted, 1), training.count - 1) : 0
    let steering = Set(mixed(training).prefix(count))
    return Split(
      name: name, training: indices(of: training.subtracting(steering).union(always)),
      validation: indices(of: steering), test: indices(of: test))
  }

  /// Speakers in an order of which every beginning is as mixed as can be: women and men of each corpus
  /// in turn, drawn at random among their like.
  private mutating func mixed(_ speakers: Set<String>) -> [String] {
    let ranked = shuffledKinds(speakers).flatMap { kind in
      kind.enumerated().map { index, speaker in
        (rank: (Double(index) + 0.5) / Double(kind.count), speaker: speaker)
      }
    }
    // Equal ranks go by name, so that the order depends on the seed alone.
    return ranked.sorted { ($0.rank, $0.speaker) < ($1.rank, $1.speaker) }.map(\.speaker)
  }

  /// The speakers of each corpus and sex, each kind in random order.
  private mutating func shuffledKinds(_ speakers: Set<String>) -> [[String]] {
    Dictionary(grouping: speakers) { kinds[$0] ?? "" }.sorted { $0.key < $1.key }.map {
      $0.value.sorted().shuffled(using: &random)
    }
  }

  private func speakers(atLeast needed: Int) throws(SplitError) -> Set<String> {
    let speakers = Set(clips.map(\.speaker))
    guard speakers.count >= needed else {
      throw .tooFewSpeakers(found: speakers.count, needed: needed)
    }
    return speakers
  }

  private func speakers(of corpora: [String]) -> Set<String> {
    Set(clips.filter { corpora.contains($0.corpus) }.map(\.speaker))
  }

  /// The speakers that a fold names, by corpus.
  private func speakers(_ fold: [String: [String]]) throws(SplitError) -> Set<String> {
    let wanted = Set(fold.flatMap { corpus, names in names.map { "\(corpus)/\($0)" } })
    let known = Dictionary(
      clips.map { ("\($0.corpus)/\(Folds.plain($0.ownSpeaker))", $0.speaker) },
      uniquingKeysWith: { first, _ in first })
    if let missing = wanted.sorted().first(where: { known[$0] == nil }) {
      throw .unknownSpeaker(missing)
    }
    return Set(wanted.compactMap { known[$0] })
  }

  private func indices(of speakers: Set<String>) -> [Int] {
    clips.indices.filter { speakers.contains(clips[$0].speaker) }
  }
}

// MARK: - Clips

extension ClipDivider {
  /// Clips of a fraction of each corpus's speakers, and of one at least.
  mutating func someSpeakers(fraction: Double) -> [Int] {
    let corpora = Dictionary(grouping: clips, by: \.corpus).mapValues { Set($0.map(\.speaker)) }
    var kept: Set<String> = []
    for (_, speakers) in corpora.sorted(by: { $0.key < $1.key }) {
      let count = Int((fraction * Double(speakers.count)).rounded())
      kept.formUnion(mixed(speakers).prefix(max(count, 1)))
    }
    return indices(of: kept)
  }

  /// A fraction of the clips of each corpus and label, and one clip at least.
  mutating func someClips(fraction: Double) -> [Int] {
    stratified(Array(clips.indices), fraction: fraction).sorted()
  }

  /// `fraction` of the clips of each corpus and label, drawn at random, and at least one clip in all.
  private mutating func stratified(_ indices: [Int], fraction: Double) -> Set<Int> {
    var drawn: Set<Int> = []
    let groups = Dictionary(grouping: indices) { "\(clips[$0].corpus)/\(clips[$0].label)" }
    for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
      let count = Int((fraction * Double(group.count)).rounded())
      drawn.formUnion(group.shuffled(using: &random).prefix(count))
    }
    if drawn.isEmpty { drawn.formUnion(indices.randomElement(using: &random).map { [$0] } ?? []) }
    return drawn
  }
}

extension Clip {
  /// The speaker as the corpus says it.
  fileprivate var ownSpeaker: String { String(speaker.dropFirst(corpus.count + 1)) }
}
