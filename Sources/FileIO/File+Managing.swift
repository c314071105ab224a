internal import Glibc

extension File {
  /// Bytes of a regular file; nil when there is none.
  public func size() throws(FileError) -> Int? {
    do {
      return try Descriptor(path, O_RDONLY | O_NONBLOCK).regularSize()
    } catch {
      if error.reason == .notFound { return nil }
      throw error
    }
  }

  /// The content piece by piece, none longer than `size`.
  public func forEachPiece(
    of size: Int = 1 << 20, _ body: (Span<UInt8>) -> Void
  ) throws(FileError) {
    let descriptor = try Descriptor(path, O_RDONLY | O_NONBLOCK)
    _ = try descriptor.regularSize()
    while true {
      let piece = try descriptor.read(count: size)
      if piece.isEmpty { return }
      body(piece.span)
    }
  }

  /// Renames a file or a folder; a file that is at `target` is replaced.
  public func move(to target: String) throws(FileError) {
    guard unsafe rename(path, target) == 0 else { throw FileError(path: target, errno: errno) }
  }

  /// Deletes a file, if it is there.
  public func remove() throws(FileError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
      throw FileError(path: path, errno: errno)
    }
  }

  /// Makes a folder at this path, and those it lies in.
  public func createFolders() throws(FileError) {
    if unsafe mkdir(path, 0o777) == 0 || errno == EEXIST { return }
    let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    guard errno == ENOENT, !parent.isEmpty else { throw FileError(path: path, errno: errno) }
    try File(parent).createFolders()
    guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw FileError(path: path, errno: errno)
    }
  }
}
