import CSndfile

/// Memory in the shape of the file that libsndfile's virtual I/O writes.
final class MemoryFile {
  private(set) var bytes: [UInt8] = []
  private var cursor = FileCursor()

  fileprivate var position: Int { cursor.position }

  fileprivate func seek(_ offset: Int, from whence: Int32) -> Int {
    cursor.seek(offset, from: whence, end: bytes.count)
  }

  /// Writes at the position; a gap left by seeking past the end is zero, as in a file.
  fileprivate func write(_ new: UnsafeRawBufferPointer) -> Int {
    let end = position + new.count
    if position == bytes.count {
      unsafe bytes.append(contentsOf: new)
    } else {
      if end > bytes.count {
        bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
      }
      unsafe bytes.replaceSubrange(position..<end, with: new)
    }
    cursor.advance(by: new.count)
    return new.count
  }

  /// The callbacks; their context is an unretained `MemoryFile`.
  static var callbacks: SF_VIRTUAL_IO {
    unsafe SF_VIRTUAL_IO(
      get_filelen: { unsafe sf_count_t(file($0).bytes.count) },
      seek: { unsafe sf_count_t(file($2).seek(Int($0), from: $1)) },
      read: nil,
      write: {
        unsafe sf_count_t(file($2).write(UnsafeRawBufferPointer(start: $0, count: Int($1))))
      },
      tell: { unsafe sf_count_t(file($0).position) })
  }
}

private func file(_ context: UnsafeMutableRawPointer?) -> MemoryFile {
  unsafe Unmanaged.fromOpaque(context!).takeUnretainedValue()
}
