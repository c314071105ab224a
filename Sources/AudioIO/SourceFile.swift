import CSndfile

/// A byte source in the shape of the file that libsndfile's virtual I/O reads.
final class SourceFile {
  private var source: any ByteSource
  private var cursor = FileCursor()

  init(_ source: any ByteSource) { self.source = source }

  fileprivate var length: Int { source.count }
  fileprivate var position: Int { cursor.position }

  fileprivate func seek(_ offset: Int, from whence: Int32) -> Int {
    cursor.seek(offset, from: whence, end: length)
  }

  fileprivate func read(into destination: inout MutableSpan<UInt8>) -> Int {
    let count = source.read(at: cursor.position, into: &destination)
    cursor.advance(by: count)
    return count
  }

  /// The callbacks; their context is an unretained `SourceFile`.
  static var callbacks: SF_VIRTUAL_IO {
    unsafe SF_VIRTUAL_IO(
      get_filelen: { unsafe sf_count_t(file($0).length) },
      seek: { unsafe sf_count_t(file($2).seek(Int($0), from: $1)) },
      read: { unsafe sf_count_t(readBytes($0, $1, $2)) },
      write: nil,
      tell: { unsafe sf_count_t(file($0).position) })
  }
}

private func file(_ context: UnsafeMutableRawPointer?) -> SourceFile {
  unsafe Unmanaged.fromOpaque(context!).takeUnretainedValue()
}

private func readBytes(
  _ target: UnsafeMutableRawPointer?, _ count: sf_count_t, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let target = unsafe target, count > 0 else { return 0 }
  let buffer = unsafe UnsafeMutableBufferPointer(
    start: target.assumingMemoryBound(to: UInt8.self), count: Int(count))
  var span = unsafe MutableSpan(_unsafeElements: buffer)
  return unsafe file(context).read(into: &span)
}
