public import FileIO
internal import FoundationEssentials

/// Fixed speaker-independent folds: whom each of them tests.
///
/// A file says them for several corpora, or, shorter, for one:
/// `{"protocol": "…", "folds": [{"ravdess": [1, 3], "emodb": ["08"]}, {"ravdess": [2, 4]}]}`,
/// `{"corpus": "ravdess", "protocol": "…", "folds": [[1, 3], [2, 4]]}`.
public struct Folds: Sendable, Equatable {
  /// A sentence for the reader.
  public let `protocol`: String
  /// The speakers that each fold tests, by corpus. Numbers are without leading zeros; a corpus of which a fold tests nobody
  /// is not in it.
  public let folds: [[String: [String]]]

  public init(protocol: String, folds: [[String: [String]]]) throws(FoldsError) {
    self.protocol = `protocol`
    self.folds = folds.map { fold in
      fold.filter { !$0.value.isEmpty }.mapValues { $0.map(Self.plain) }
    }
    try check()
  }

  public init(contentsOf path: String) throws(FoldsError) {
    let bytes: [UInt8]
    do {
      bytes = try File(path).read(limit: 1 << 20)
    } catch {
      throw .file(error)
    }
    guard let file = try? JSONDecoder().decode(FoldsFile.self, from: Data(bytes)) else {
      throw .malformed(path: path)
    }
    try self.init(protocol: file.protocol, folds: file.folds)
  }

  /// The corpora of which some fold tests speakers.
  public var corpora: Set<String> { Set(folds.flatMap(\.keys)) }

  /// A speaker's name as it is compared: 8, "8" and "08" are one speaker.
  static func plain(_ speaker: String) -> String { Int(speaker).map { "\($0)" } ?? speaker }

  private func check() throws(FoldsError) {
    guard folds.count > 1 else { throw .tooFewFolds(folds.count) }
    if let empty = folds.firstIndex(where: \.isEmpty) { throw .emptyFold(empty) }
    var seen: Set<String> = []
    let named = folds.flatMap { $0.flatMap { corpus, names in names.map { "\(corpus)/\($0)" } } }
    for speaker in named.sorted() where !seen.insert(speaker).inserted {
      throw .speakerTwice(speaker)
    }
  }
}

/// Either form of a file of folds.
private struct FoldsFile: Decodable {
  let `protocol`: String
  let folds: [[String: [String]]]

  private enum Key: CodingKey { case corpus, `protocol`, folds }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    `protocol` = try values.decode(String.self, forKey: .protocol)
    if let corpus = try values.decodeIfPresent(String.self, forKey: .corpus) {
      folds = try values.decode([[Speaker]].self, forKey: .folds).map {
        [corpus: $0.map(\.name)]
      }
    } else {
      folds = try values.decode([[String: [Speaker]]].self, forKey: .folds).map {
        $0.mapValues { $0.map(\.name) }
      }
    }
  }

  /// A number or a text.
  private struct Speaker: Decodable {
    let name: String

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Int.self) {
        name = "\(number)"
      } else {
        name = try value.decode(String.self)
      }
    }
  }
}

public enum FoldsError: Error, Equatable, Sendable {
  case file(FileError)
  case malformed(path: String)
  case tooFewFolds(Int)
  /// This fold tests nobody.
  case emptyFold(Int)
  /// Two folds test this speaker, or one does twice.
  case speakerTwice(String)
}

extension FoldsError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .malformed(let path):
      "\(shown(path)): not {\"protocol\", \"folds\": [{\"corpus\": [speakers]}]}"
    case .tooFewFolds(let count): "\(count) folds, at least 2 needed"
    case .emptyFold(let index): "fold \(index + 1) is empty"
    case .speakerTwice(let speaker): "speaker \(speaker) is named twice"
    }
  }
}
