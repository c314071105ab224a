/// What a file's bytes should hash to, as its publisher says: `md5:…` or `sha256:…`.
public struct Checksum: Sendable, Equatable {
  public let algorithm: Hash.Algorithm
  /// Lower-case hexadecimal digits.
  public let digits: String

  /// Nil for another algorithm, or another number of digits than it gives.
  public init?(_ text: String) {
    let parts = text.lowercased().split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let algorithm = Hash.Algorithm(rawValue: String(parts[0])),
      parts[1].utf8.count == 2 * algorithm.digestSize, parts[1].allSatisfy(\.isHexDigit)
    else { return nil }
    self.algorithm = algorithm
    digits = String(parts[1])
  }
}

extension Checksum: CustomStringConvertible {
  public var description: String { "\(algorithm.rawValue):\(digits)" }
}
