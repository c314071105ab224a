import CArchive
import Glibc

/// Walks over an archive's entries, once and in order.
@safe struct ArchiveReader: ~Copyable {
  struct Entry {
    let name: String
    let isFile: Bool
  }

  private let path: String
  private let handle: OpaquePointer

  init(_ path: String) throws(ArchiveError) {
    unsafe handle = try Self.open(path)
    self.path = path
  }

  /// `archive_read_open_filename`
  private static func open(_ path: String) throws(ArchiveError) -> OpaquePointer {
    guard let handle = unsafe archive_read_new() else {
      throw .unreadable(path: path, "out of memory")
    }
    unsafe archive_read_support_format_zip(handle)
    unsafe archive_read_support_format_tar(handle)
    unsafe archive_read_support_filter_all(handle)
    guard unsafe archive_read_open_filename(handle, path, 1 << 20) == ARCHIVE_OK else {
      defer { unsafe archive_read_free(handle) }
      throw unsafe .unreadable(path: path, Self.problem(of: handle))
    }
    return unsafe handle
  }

  deinit { unsafe archive_read_free(handle) }

  /// `archive_read_next_header`; nil after the last entry.
  func next() throws(ArchiveError) -> Entry? {
    var entry: OpaquePointer?
    let code = unsafe archive_read_next_header(handle, &entry)
    if code == ARCHIVE_EOF { return nil }
    try check(code)
    guard let entry = unsafe entry, let name = unsafe archive_entry_pathname_utf8(entry) else {
      throw .unreadable(path: path, "an entry's name is no UTF-8")
    }
    return unsafe Entry(
      name: String(cString: name), isFile: archive_entry_filetype(entry) & S_IFMT == S_IFREG)
  }

  /// `archive_read_data`: up to `count` bytes of the entry; none at its end. Checks its checksum.
  func read(_ count: Int) throws(ArchiveError) -> [UInt8] {
    var got = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      got = unsafe archive_read_data(handle, buffer.baseAddress, buffer.count)
      filled = max(got, 0)
    }
    guard got >= 0 else { throw .unreadable(path: path, problem) }
    return bytes
  }

  private func check(_ code: Int32) throws(ArchiveError) {
    // A warning leaves the entry usable.
    guard code == ARCHIVE_OK || code == ARCHIVE_WARN else {
      throw .unreadable(path: path, problem)
    }
  }

  private var problem: String { unsafe Self.problem(of: handle) }

  private static func problem(of handle: OpaquePointer) -> String {
    unsafe archive_error_string(handle).map { unsafe String(cString: $0) } ?? "is no archive"
  }
}
