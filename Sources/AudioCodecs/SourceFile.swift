import AudioIO

/// A byte source in the shape of an open file: what the C libraries' read callbacks act on.
///
/// Each library gets an unretained reference as its context and hands it back to `at`.
final class SourceFile {
  private var source: any ByteSource
  private var cursor = FileCursor()

  init(_ source: any ByteSource) { self.source = source }

  var length: Int { source.count }
  var position: Int { cursor.position }

  /// As `lseek` does it.
  func seek(_ offset: Int, from whence: Int32) -> Int {
    cursor.seek(offset, from: whence, end: length)
  }

  /// Copies `count` bytes, fewer only at the end, and moves past them: libsndfile loses a part of a sample.
  func readFully(to target: UnsafeMutableRawPointer?, count: Int) -> Int {
    guard let target = unsafe target else { return 0 }
    var done = 0
    while done < count {
      let read = unsafe self.read(to: target + done, count: count - done)
      guard read > 0 else { break }
      done += read
    }
    return done
  }

  /// Copies up to `count` bytes and moves past them.
  func read(to target: UnsafeMutableRawPointer?, count: Int) -> Int {
    guard let target = unsafe target, count > 0 else { return 0 }
    let buffer = unsafe UnsafeMutableBufferPointer(
      start: target.assumingMemoryBound(to: UInt8.self), count: count)
    var span = unsafe MutableSpan(_unsafeElements: buffer)
    let read = source.read(at: cursor.position, into: &span)
    cursor.advance(by: read)
    return read
  }

  /// What a C library is given as context.
  var context: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

  /// The file behind a C library's context.
  static func at(_ context: UnsafeMutableRawPointer?) -> SourceFile {
    unsafe Unmanaged.fromOpaque(context!).takeUnretainedValue()
  }
}
