internal import Glibc

/// A file by its path, read whole or replaced whole.
public struct File: Sendable, Equatable {
  public let path: String

  public init(_ path: String) {
    self.path = path
  }

  /// The whole content. Only regular files are read, so a pipe or a device never hangs the caller,
  /// and nothing is allocated before the size is known to be within `limit` bytes.
  public func read(limit: Int) throws(FileError) -> [UInt8] {
    // Opening a pipe without a writer would wait, unless asked not to.
    let descriptor = try Descriptor(path, O_RDONLY | O_NONBLOCK)
    let size = try descriptor.regularSize()
    guard size <= limit else {
      throw FileError(path: path, reason: .tooLarge(bytes: size, limit: limit))
    }
    return try descriptor.read(count: size)
  }

  /// The whole content as text.
  /// - Throws: `notText` where it is not UTF-8: what stood in place of the wrong bytes would be somebody else's words.
  public func readText(limit: Int) throws(FileError) -> String {
    guard let text = String(validating: try read(limit: limit), as: UTF8.self) else {
      throw FileError(path: path, reason: .notText)
    }
    return text
  }

  /// Replaces the content in one step: readers see the old file or the new one, never a part, and
  /// whatever goes wrong (a full disk, above all) leaves the old file as it was.
  public func replace(with bytes: [UInt8]) throws(FileError) {
    let draft = File("\(path).\(UInt32.random(in: 0...UInt32.max)).part")
    do {
      try draft.create(with: bytes)
      try draft.rename(to: path)
    } catch {
      unsafe unlink(draft.path)
      throw FileError(path: path, reason: error.reason)
    }
    try syncFolder()
  }

  /// Checks that `replace` will not fail for want of a folder or of permission: before hours of work
  /// for a file, rather than after.
  public func checkReplaceable() throws(FileError) {
    let draft = File("\(path).\(UInt32.random(in: 0...UInt32.max)).part")
    do { try draft.create(with: []) } catch { throw FileError(path: path, reason: error.reason) }
    unsafe unlink(draft.path)
  }

  private func create(with bytes: [UInt8]) throws(FileError) {
    var descriptor = try Descriptor(path, O_WRONLY | O_CREAT | O_EXCL)
    try descriptor.write(bytes)
    try descriptor.synchronise()
  }

  private func rename(to target: String) throws(FileError) {
    guard unsafe Glibc.rename(path, target) == 0 else { throw FileError(path: path, errno: errno) }
  }

  /// A rename is on disk once the folder that holds it is.
  private func syncFolder() throws(FileError) {
    let end = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    var descriptor = try Descriptor(folder, O_RDONLY | O_DIRECTORY)
    try descriptor.synchronise()
  }
}
