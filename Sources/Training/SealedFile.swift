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

  /// Where the file lies.
  public let path: String
  /// What the content belongs to: that of another key is as damaged.
  private let key: String

  /// Touches no file.
  /// - Parameter key: What the content belongs to: with another key it reads as damaged.
  public init(_ path: String, key: String = "") {
    self.path = path
    self.key = key
  }

  /// What was found where the file should be.
  public enum Finding: Equatable, Sendable {
    /// What was written.
    case content([UInt8])
    /// There is no such file.
    case none
    /// Other bytes than were written, or those of another key.
    case damaged
  }

  /// - Parameter limit: Bytes that the content may have.
  /// - Throws: where the file is larger, is no regular file, or cannot be read. A file that is not there is no error.
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
  /// - Throws: what the file system says; the old file is then as it was.
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
