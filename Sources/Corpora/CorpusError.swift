public import FileIO

/// Why a folder or manifest gave no corpus.
public enum CorpusError: Error, Equatable, Sendable {
  case notFound(path: String)
  case unreadable(FileError)
  case notText(path: String)
  /// No audio file, or none whose emotion could be told.
  case noUsableFile(path: String, skipped: [SkippedFile])
  case quoting(path: String, line: Int)
  case missingColumn(path: String, column: String)
  case tooManyColumns(path: String, line: Int)
  case tooManyRows(path: String)
}

/// A file or manifest row that is no clip, with the reason.
public struct SkippedFile: Codable, Error, Equatable, Sendable {
  public enum Reason: Codable, Equatable, Sendable {
    /// The name's bytes are not UTF-8; the path has other signs in their place.
    case unreadableName
    case unreadableFolder
    /// The name fits no layout known here.
    case unknownName
    /// The folder's word is no emotion and names no label.
    case noEmotion
    /// RAVDESS has songs beside its speech.
    case song
    /// The clip was already found elsewhere: archives often hold their corpus twice.
    case duplicate(of: String)
    case missingFile
    /// A row of a manifest without path or emotion.
    case incompleteRow(line: Int)
  }

  public let path: String
  public let reason: Reason

  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }
}

extension SkippedFile.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownName: "name of no known layout"
    case .noEmotion: "no emotion in its folder's name"
    case .song: "song, not speech"
    case .duplicate(let path): "same clip as \(shown(path))"
    case .missingFile: "no such file"
    case .unreadableName: "its name is not UTF-8"
    case .unreadableFolder: "the folder cannot be read"
    case .incompleteRow(let line): "line \(line) lacks a path or an emotion"
    }
  }
}

extension CorpusError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let path): "\(shown(path)): no such file or folder"
    case .unreadable(let error): "\(error)"
    case .notText(let path):
      "\(shown(path)): not UTF-8 text; a corpus is a folder of recordings or a table in CSV"
    case .noUsableFile(let path, let skipped):
      "\(shown(path)): no usable audio file (\(skipped.count) skipped)"
        + skipped.prefix(3).map { "\n  \(shown($0.path)): \($0.reason)" }.joined()
    case .quoting(let path, let line): "\(shown(path)), line \(line): quotation mark out of place"
    case .missingColumn(let path, let column): "\(shown(path)): no column '\(column)'"
    case .tooManyColumns(let path, let line):
      "\(shown(path)), line \(line): more than \(TableError.fieldLimit) columns"
    case .tooManyRows(let path): "\(shown(path)): more than \(TableError.recordLimit) rows"
    }
  }
}
