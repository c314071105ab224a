import CommandLineTool

/// A weights file to serve, and what to call it: `FILE` or `NAME=FILE`.
struct ModelPath: Sendable {
  /// nil for the name that stands in the file.
  let name: String?
  let file: String
}

extension ValueFormat<ModelPath> {
  static var modelPath: ValueFormat {
    ValueFormat(
      placeholder: "[NAME=]FILE", expectation: "a file, or NAME=FILE",
      parse: ModelPath.init, render: { ($0.name.map { "\($0)=" } ?? "") + $0.file })
  }
}

extension ModelPath {
  /// What stands before the first `=` is a name unless it has something of a path: `./a=b` is a file.
  init?(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let isNamed = parts.count == 2 && !parts[0].isEmpty && !parts[0].contains("/")
    name = isNamed ? String(parts[0]) : nil
    file = isNamed ? String(parts[1]) : text
    if file.isEmpty { return nil }
  }
}
