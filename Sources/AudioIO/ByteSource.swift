/// Bytes of a recording, readable at any position.
///
/// Memory is one source; a growing upload can be another: it waits in `read` until the bytes have come.
/// Beyond the first kilobyte decoders only go forward (CAF alone needs `count`); where the first frame of an MP3 has to be
/// looked for, beyond the first 80 KB. libsndfile may ask once for what follows the samples, far ahead of what it has read:
/// an upload answers 0 to such a jump.
public protocol ByteSource {
  /// Bytes there are; `.max` where that is not known yet.
  var count: Int { get }

  /// Copies the bytes from `offset` on into `destination`, as many as fit and exist.
  /// - Returns: how many, perhaps fewer than fit; 0 at or past the end only.
  mutating func read(at offset: Int, into destination: inout MutableSpan<UInt8>) -> Int
}

extension ByteSource {
  /// Up to `count` bytes from `offset` on; fewer where the source ends.
  mutating func bytes(at offset: Int, count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var piece = [UInt8](repeating: 0, count: count - bytes.count)
      var span = piece.mutableSpan
      let read = self.read(at: offset + bytes.count, into: &span)
      guard read > 0 else { break }
      bytes += piece.prefix(read)
    }
    return bytes
  }
}

/// Bytes that somebody else keeps alive while this value is used.
@unsafe struct BorrowedBytes: ByteSource {
  let buffer: UnsafeBufferPointer<UInt8>

  var count: Int { unsafe buffer.count }

  func read(at offset: Int, into destination: inout MutableSpan<UInt8>) -> Int {
    guard unsafe offset >= 0 && offset < count else { return 0 }
    let length = unsafe min(destination.count, count - offset)
    unsafe destination.withUnsafeMutableBufferPointer { target in
      guard length > 0, let base = target.baseAddress,
        let start = unsafe buffer.baseAddress
      else { return }
      unsafe base.update(from: start + offset, count: length)
    }
    return length
  }
}

/// A part of another source, with some of its bytes replaced.
package struct EditedBytes<Base: ByteSource>: ByteSource {
  var base: Base
  /// Where this source begins in `base`.
  var start = 0
  /// Where this source ends, if `base` does not end before.
  var end = Int.max
  /// Whether `base` ends within samples that the header names.
  var isCut = false
  /// Replacements: position in this source, and the bytes that stand there instead.
  var edits: [(offset: Int, bytes: [UInt8])] = []

  package init(base: Base) { self.base = base }

  package var count: Int {
    min(end, base.count == .max ? .max : max(0, base.count - start))
  }

  package mutating func read(at offset: Int, into destination: inout MutableSpan<UInt8>) -> Int {
    guard offset >= 0, offset < count else { return 0 }
    var room = destination._mutatingExtracting(0..<min(destination.count, end - offset))
    let length = base.read(at: start + offset, into: &room)
    for edit in edits {
      for (index, byte) in edit.bytes.enumerated() {
        let position = edit.offset + index - offset
        if position >= 0, position < length { destination[position] = byte }
      }
    }
    return length
  }
}
