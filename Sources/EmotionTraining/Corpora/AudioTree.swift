internal import FoundationEssentials

/// The files below a folder, by their paths relative to it, sorted.
struct AudioTree {
  let root: String
  /// Files with the extension of an audio format.
  private(set) var audio: [String] = []
  /// The others: tables beside the recordings, among them.
  private(set) var others: [String] = []

  private static let extensions: Set = [
    "wav", "wave", "flac", "ogg", "oga", "opus", "mp3", "aif", "aiff", "w64", "rf64",
  ]

  init(root: String) {
    self.root = root
    var visited: Set<String> = []
    visit("", &visited)
  }

  func path(_ relative: String) -> String {
    root.hasSuffix("/") ? root + relative : "\(root)/\(relative)"
  }

  /// Links are followed, each folder once, so that a link to a folder above it ends.
  private mutating func visit(_ folder: String, _ visited: inout Set<String>) {
    let files = FileManager.default
    let real = URL(filePath: path(folder)).resolvingSymlinksInPath().path
    guard visited.insert(real).inserted else { return }
    let names = (try? files.contentsOfDirectory(atPath: path(folder))) ?? []
    // Macs leave `._name` beside every `name`, and their archives keep those in `__MACOSX`.
    for name in names.sorted() where !name.hasPrefix(".") && name != "__MACOSX" {
      let child = folder.isEmpty ? name : "\(folder)/\(name)"
      var isFolder = false
      guard files.fileExists(atPath: path(child), isDirectory: &isFolder) else { continue }
      if isFolder { visit(child, &visited) } else { add(child) }
    }
  }

  private mutating func add(_ file: String) {
    if Self.extensions.contains(RelativePath(file).fileExtension.lowercased()) {
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
