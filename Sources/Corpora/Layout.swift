/// A published corpus: how its file names tell what is in them.
struct Layout: Sendable {
  let name: String
  /// Nil when the file is not of this corpus; throws when it is, but holds no clip to use.
  let describe: @Sendable (RelativePath) throws(SkippedFile.Reason) -> Description?

  struct Description: Equatable {
    var speaker: String
    var sex: Sex?
    var label: String
    var intensity: Intensity?
    var sentence: String?
  }

  static let all: [Layout] = [.ravdess, .tess, .cremaD, .savee, .emoDB, .nemo]
}

extension SkippedFile.Reason: Error {}

extension String {
  /// The text between `separator`s, empty parts included.
  func parts(_ separator: Character) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}

extension StringProtocol {
  /// Whether this is `count` ASCII digits and nothing else.
  func isNumber(digits count: Int) -> Bool {
    utf8.count == count && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
