import Foundation

/// A folder of empty files that goes away with its owner.
final class TestTree: Sendable {
  let root: String

  init(_ files: [String]) throws {
    root = FileManager.default.temporaryDirectory.appending(path: "tree-\(UUID())").path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    for file in files { try add(file, "") }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: root)
  }

  func add(_ file: String, _ content: String) throws {
    try add(file, bytes: Array(content.utf8))
  }

  func add(_ file: String, bytes: [UInt8]) throws {
    let url = URL(filePath: path(file))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func path(_ file: String) -> String { "\(root)/\(file)" }
}
