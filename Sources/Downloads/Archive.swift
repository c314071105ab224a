import CArchive
public import FileIO
import Glibc

/// Why an archive was not unpacked.
public enum ArchiveError: Error, Equatable, Sendable {
  case file(FileError)
  /// No archive, or a damaged one; what libarchive says of it.
  case unreadable(path: String, String)
  /// An entry would lie outside the folder.
  case escapes(entry: String)
  case twice(entry: String)
  case tooLarge(limit: Int)
}

extension ArchiveError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .unreadable(let path, let problem): "\(path): \(problem)"
    case .escapes(let entry): "the archive's entry \"\(entry)\" would lie outside the folder"
    case .twice(let entry): "the archive holds \"\(entry)\" twice"
    case .tooLarge(let limit): "the archive holds more than \(limit >> 30) GiB"
    }
  }
}

/// A zip or tar file, compressed or not (libarchive).
public struct Archive: Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  /// Writes the archive's files below `folder`, which should be new: nothing there is replaced. Links
  /// and devices are left out, so that nothing is ever written through them.
  /// - Parameters:
  ///   - limit: Bytes of all files together.
  ///   - onFile: Told how many files are done.
  public func unpack(
    into folder: String, limit: Int = 64 << 30, onFile: (Int) -> Void = { _ in }
  ) throws(ArchiveError) {
    let reader = try ArchiveReader(path)
    var (files, bytes) = (0, 0)
    while let entry = try reader.next() {
      guard entry.isFile else { continue }
      let parts = try Self.parts(entry.name)
      guard let name = parts.last else { continue }
      let place = ([folder] + parts.dropLast()).joined(separator: "/")
      do { try File(place).createFolders() } catch { throw .file(error) }
      try write("\(place)/\(name)", entry.name, reader, &bytes, limit)
      files += 1
      onFile(files)
    }
  }

  /// The names on an entry's way, none of which leads upwards.
  private static func parts(_ name: String) throws(ArchiveError) -> [String] {
    let parts = name.split(separator: "/").map(String.init).filter { $0 != "." }
    guard !name.hasPrefix("/"), !parts.contains("..") else { throw .escapes(entry: name) }
    return parts
  }

  private func write(
    _ path: String, _ name: String, _ reader: borrowing ArchiveReader, _ total: inout Int,
    _ limit: Int
  ) throws(ArchiveError) {
    var file: Descriptor
    do {
      file = try Descriptor(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
    } catch {
      if error.reason == .system(code: EEXIST) { throw .twice(entry: name) }
      throw .file(error)
    }
    while true {
      let piece = try reader.read(1 << 20)
      if piece.isEmpty { return }
      total += piece.count
      guard total <= limit else { throw .tooLarge(limit: limit) }
      do { try file.write(piece) } catch { throw .file(error) }
    }
  }
}
