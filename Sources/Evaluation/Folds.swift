public import FileIO
internal import FoundationEssentials

/// Fixed speaker-independent folds, as a file says them:
/// `{"corpus": "ravdess", "protocol": "…", "folds": [[1, 3], [2, 4]]}`.
public struct Folds: Codable, Sendable, Equatable {
  public let corpus: String
  /// A sentence for the reader.
  public let `protocol`: String
  /// Numbers of the speakers in each fold.
  public let folds: [[Int]]

  public init(corpus: String, protocol: String, folds: [[Int]]) throws(FoldsError) {
    self.corpus = corpus
    self.protocol = `protocol`
    self.folds = folds
    try check()
  }

  public init(contentsOf path: String) throws(FoldsError) {
    let bytes: [UInt8]
    do {
      bytes = try File(path).read(limit: 1 << 20)
    } catch {
      throw .file(error)
    }
    guard let folds = try? JSONDecoder().decode(Folds.self, from: Data(bytes)) else {
      throw .malformed(path: path)
    }
    self = folds
    try check()
  }

  private func check() throws(FoldsError) {
    guard folds.count > 1 else { throw .tooFewFolds(folds.count) }
    if let empty = folds.firstIndex(of: []) { throw .emptyFold(empty) }
    var seen: Set<Int> = []
    for speaker in folds.joined() where !seen.insert(speaker).inserted {
      throw .speakerTwice(speaker)
    }
  }
}

public enum FoldsError: Error, Equatable, Sendable {
  case file(FileError)
  case malformed(path: String)
  case tooFewFolds(Int)
  case emptyFold(Int)
  case speakerTwice(Int)
}

extension FoldsError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .malformed(let path):
      "\(shown(path)): not {\"corpus\", \"protocol\", \"folds\": [[numbers]]}"
    case .tooFewFolds(let count): "\(count) folds, at least 2 needed"
    case .emptyFold(let index): "fold \(index + 1) is empty"
    case .speakerTwice(let speaker): "speaker \(speaker) is in two folds"
    }
  }
}
