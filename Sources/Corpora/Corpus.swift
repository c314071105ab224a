internal import FoundationEssentials

/// The clips found in one place, and the files there that are none.
public struct Corpus: Sendable, Equatable {
  public let clips: [Clip]
  public let skipped: [SkippedFile]

  /// Reads folders and, where a path is a `.csv` or `.tsv` file, manifests.
  ///
  /// Files named as RAVDESS, TESS, CREMA-D, SAVEE, EmoDB or nEMO name theirs are told apart one by
  /// one, so a folder may hold several of these corpora. If no file is, folders are taken to be
  /// emotions. Only names are read here, no audio. Each path has to give some clip.
  public init(at paths: [String]) throws(CorpusError) {
    var collector = ClipCollector()
    for path in paths { try collector.collect(path) }
    clips = collector.clips
    skipped = collector.skipped
  }

  public init(at path: String) throws(CorpusError) {
    try self.init(at: [path])
  }
}

/// Gathers clips and passes over those it has already.
struct ClipCollector {
  private(set) var clips: [Clip] = []
  private(set) var skipped: [SkippedFile] = []
  private var seen: [String: String] = [:]
  private var names: Set<String> = []

  mutating func collect(_ path: String) throws(CorpusError) {
    var isFolder = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .notFound(path: path)
    }
    let before = (known: seen.count, skipped: skipped.count)
    if isFolder { collect(AudioTree(root: path)) } else { try collect(manifest: path) }
    let new = skipped[before.skipped...]
    guard seen.count > before.known || new.contains(where: \.isDuplicate) else {
      throw .noUsableFile(path: path, skipped: Array(new))
    }
  }

  /// A name for a corpus without a published one: two folders called `clips` are two corpora.
  mutating func uniqueName(_ name: String) -> String {
    let candidates = sequence(first: 2) { $0 + 1 }.lazy.map { "\(name)-\($0)" }
    let unique = names.contains(name) ? candidates.first { !names.contains($0) } ?? name : name
    names.insert(unique)
    return unique
  }

  mutating func skip(_ path: String, _ reason: SkippedFile.Reason) {
    skipped.append(SkippedFile(path: path, reason: reason))
  }

  /// - Parameter identity: What the clip is called within its corpus.
  mutating func add(_ clip: Clip, identity: String) {
    let key = "\(clip.corpus)/\(identity)"
    if let first = seen[key] {
      skip(clip.path, .duplicate(of: first))
    } else {
      seen[key] = clip.path
      clips.append(clip)
    }
  }
}

extension SkippedFile {
  fileprivate var isDuplicate: Bool {
    if case .duplicate = reason { true } else { false }
  }
}
