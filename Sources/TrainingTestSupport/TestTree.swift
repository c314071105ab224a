import Foundation

/// A folder of empty files that goes away with its owner.
package final class TestTree: Sendable {
  package let root: String

  package init(_ files: [String]) throws {
    root = FileManager.default.temporaryDirectory.appending(path: "tree-\(UUID())").path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    for file in files { try add(file, "") }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: root)
  }

  package func add(_ file: String, _ content: String) throws {
    try add(file, bytes: Array(content.utf8))
  }

  package func add(_ file: String, bytes: [UInt8]) throws {
    let url = URL(filePath: path(file))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  package func path(_ file: String) -> String { "\(root)/\(file)" }
}
