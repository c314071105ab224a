import Glibc

/// A position in a file, moved as `lseek` moves one.
struct FileCursor {
  private(set) var position = 0

  /// - Parameter whence: `SEEK_SET`, `SEEK_CUR` or `SEEK_END`.
  /// - Returns: the new position, or -1 (and no move) where it would be negative or overflow.
  mutating func seek(_ offset: Int, from whence: Int32, end: Int) -> Int {
    let origin = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position : end
    let (target, overflow) = origin.addingReportingOverflow(offset)
    guard !overflow, target >= 0 else { return -1 }
    position = target
    return target
  }

  mutating func advance(by count: Int) { position += count }
}
