internal import AudioIO
internal import FoundationEssentials

/// The files below a folder, by their paths relative to it, sorted.
struct AudioTree {
  let root: String
  /// Files with the extension of an audio format.
  private(set) var audio: [String] = []
  /// The others: tables beside the recordings, among them.
  private(set) var others: [String] = []
  /// What could not be looked into.
  private(set) var skipped: [SkippedFile] = []

  private static let extensions = Set(AudioContainer.allCases.flatMap(\.extensions))

  init(root: String) {
    self.root = root
    var visited: Set<String> = []
    visit("", &visited)
  }

  func path(_ relative: String) -> String {
    if relative.isEmpty { return root }
    return root.hasSuffix("/") ? root + relative : "\(root)/\(relative)"
  }

  /// Links are followed, each folder once, so that a link to a folder above it ends.
  private mutating func visit(_ folder: String, _ visited: inout Set<String>) {
    let files = FileManager.default
    let real = URL(filePath: path(folder)).resolvingSymlinksInPath().path
    guard visited.insert(real).inserted else { return }
    guard let names = try? files.contentsOfDirectory(atPath: path(folder)) else {
      return skip(folder, .unreadableFolder)
    }
    // Macs leave `._name` beside every `name`, and their archives keep those in `__MACOSX`.
    for name in names.sorted() where !name.hasPrefix(".") && name != "__MACOSX" {
      let child = folder.isEmpty ? name : "\(folder)/\(name)"
      var isFolder = false
      guard files.fileExists(atPath: path(child), isDirectory: &isFolder) else {
        skipMissing(child)
        continue
      }
      if isFolder { visit(child, &visited) } else { add(child) }
    }
  }

  /// A name that is listed and not there: its bytes are no text, or it is a link to nothing or to itself.
  private mutating func skipMissing(_ file: String) {
    if file.contains("\u{FFFD}") {
      skip(file, .unreadableName)
    } else if Self.isAudio(file) {
      skip(file, .missingFile)
    }
  }

  private mutating func skip(_ file: String, _ reason: SkippedFile.Reason) {
    skipped.append(SkippedFile(path: path(file), reason: reason))
  }

  private static func isAudio(_ file: String) -> Bool {
    extensions.contains(RelativePath(file).fileExtension.lowercased())
  }

  private mutating func add(_ file: String) {
    if Self.isAudio(file) {
      audio.append(file)
    } else {
      others.append(file)
    }
  }
}

/// The parts of a path below a corpus's root.
struct RelativePath {
  let folders: [String]
  /// The file's name without its extension.
  let stem: String
  let fileExtension: String

  init(_ path: String) {
    var parts = path.split(separator: "/").map(String.init)
    let name = parts.popLast() ?? ""
    let dot = name.lastIndex(of: ".")
    folders = parts
    stem = String(name[..<(dot ?? name.endIndex)])
    fileExtension = dot.map { String(name[name.index(after: $0)...]) } ?? ""
  }
}
