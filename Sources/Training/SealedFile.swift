public import FileIO
import Hashing

/// A file that tells whether it still is what was written: behind its content stand a SHA-256 and the content's length.
///
/// One bit that a disk or a copy gets wrong would otherwise train other weights, and nobody would know.
public struct SealedFile: Sendable {
  /// Ends every such file.
  private static let mark = Array("sealed-1".utf8)
  /// 64 hexadecimal digits of the hash, 16 of the length, the mark.
  private static let sealLength = 64 + 16 + 8

  public let path: String
  /// What the content belongs to: that of another key is as damaged.
  private let key: String

  public init(_ path: String, key: String = "") {
    self.path = path
    self.key = key
  }

  public enum Finding: Equatable, Sendable {
    case content([UInt8])
    case none
    case damaged
  }

  /// - Parameter limit: Bytes of the content.
  public func read(limit: Int) throws(FileError) -> Finding {
    var bytes: [UInt8]
    do { bytes = try File(path).read(limit: limit + Self.sealLength) } catch {
      if error.reason == .notFound { return .none }
      throw error
    }
    guard bytes.count >= Self.sealLength else { return .damaged }
    let seal = Array(bytes.suffix(Self.sealLength))
    bytes.removeLast(Self.sealLength)
    return seal == self.seal(bytes) ? .content(bytes) : .damaged
  }

  /// Replaces the file in one step.
  public func write(_ content: [UInt8]) throws(FileError) {
    try File(path).replace(with: content + seal(content))
  }

  private func seal(_ content: [UInt8]) -> [UInt8] {
    var hash = Hash(.sha256)
    hash.update(Array("\(key)\n".utf8).span)
    hash.update(content.span)
    let length = String(content.count, radix: 16)
    let padded = String(repeating: "0", count: 16 - length.count) + length
    return Array((hash.finish() + padded).utf8) + Self.mark
  }
}
