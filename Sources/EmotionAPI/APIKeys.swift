import HTTPServing
import Hashing

/// The keys that clients and operators show: `Authorization: Bearer KEY`. Only their SHA-256 is known here, which is
/// enough for keys that a machine made up; a password that a person chose would need a slow hash.
public struct APIKeys: Sendable {
  private struct Entry: Sendable {
    let name: String
    /// 64 hexadecimal digits.
    let hash: [UInt8]
    let isOperator: Bool
  }

  private let entries: [Entry]

  /// Reads lines of `NAME SHA256` or `NAME SHA256 operator`; `#` begins a comment. Lines may end as on any system, and a
  /// byte order mark at the beginning is stepped over.
  public init(_ text: String) throws(APIKeysError) {
    var entries: [Entry] = []
    let text = text.first == "\u{FEFF}" ? text.dropFirst() : text[...]
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
      if words.isEmpty { continue }
      guard let entry = Self.entry(words) else { throw .malformed(line: index + 1) }
      guard !entries.contains(where: { $0.name == entry.name }) else {
        throw .sameName(entry.name, line: index + 1)
      }
      entries.append(entry)
    }
    guard !entries.isEmpty else { throw .empty }
    self.entries = entries
  }

  private static func entry(_ words: [String]) -> Entry? {
    guard words.count == 2 || words.count == 3 && words[2] == "operator" else { return nil }
    let hash = words[1].lowercased()
    guard hash.utf8.count == 64, hash.allSatisfy(\.isHexDigit) else { return nil }
    return Entry(name: words[0], hash: Array(hash.utf8), isOperator: words.count == 3)
  }

  /// What a key allows.
  struct Grant: Equatable {
    let name: String
    let isOperator: Bool
  }

  /// Every entry is compared to its end, so that the time tells nothing about how much of a key was right.
  func grant(to key: String) -> Grant? {
    let hash = Array(sha256(Array(key.utf8).span).utf8)
    var found: Entry?
    for entry in entries {
      let difference = zip(hash, entry.hash).reduce(0) { $0 | ($1.0 ^ $1.1) }
      if difference == 0 { found = entry }
    }
    return found.map { Grant(name: $0.name, isOperator: $0.isOperator) }
  }
}

/// What is wrong with a file of keys.
public enum APIKeysError: Error, Equatable, CustomStringConvertible {
  case malformed(line: Int)
  case sameName(String, line: Int)
  case empty

  public var description: String {
    switch self {
    case .malformed(let line):
      "line \(line): expected a name, the 64 hexadecimal digits of a key's SHA-256, and perhaps 'operator'"
    case .sameName(let name, let line): "line \(line): there is a key named \(name) already"
    case .empty: "it holds no key, so that nobody could use the service"
    }
  }
}
