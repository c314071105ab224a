import FileIO
import Foundation
import Testing

@Suite("A file on disk")
struct FileTests {
  let folder = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID())").path

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  func remaining() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test("what was written is read back, and no draft stays", arguments: [0, 1, 100_000])
  func roundTrip(count: Int) throws {
    let file = File(folder + "/a")
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    try file.replace(with: [9, 9, 9])
    try file.replace(with: bytes)
    #expect(try file.read(limit: count) == bytes)
    #expect(try remaining() == ["a"])
  }

  @Test("whether it can be replaced is known before, and nothing stays of the trial")
  func checkReplaceable() throws {
    try File(folder + "/a").checkReplaceable()
    #expect(try remaining().isEmpty)
    try File(folder + "/a").replace(with: [1])
    try File(folder + "/a").checkReplaceable()
    #expect(try File(folder + "/a").read(limit: 1) == [1])
    for path in [folder + "/none/a", folder + "/a/b", "/proc/a"] {
      #expect(throws: FileError(path: path, reason: .notFound)) {
        try File(path).checkReplaceable()
      }
    }
  }

  @Test("a file above the limit is refused unread")
  func limit() throws {
    let file = File(folder + "/a")
    try file.replace(with: [1, 2, 3])
    #expect(throws: FileError(path: file.path, reason: .tooLarge(bytes: 3, limit: 2))) {
      try file.read(limit: 2)
    }
  }

  @Test(
    "what is no regular file is named",
    arguments: [
      ("/nowhere/at/all", FileError.Reason.notFound), ("/dev/zero", .notRegularFile),
      ("/", .notRegularFile), ("/etc/passwd/x", .notFound),
    ])
  func irregular(path: String, reason: FileError.Reason) {
    #expect(throws: FileError(path: path, reason: reason)) { try File(path).read(limit: 1) }
  }

  @Test("a pipe nobody writes to does not hang the reader")
  func pipe() throws {
    let path = folder + "/pipe"
    #expect(unsafe mkfifo(path, 0o600) == 0)
    #expect(throws: FileError(path: path, reason: .notRegularFile)) {
      try File(path).read(limit: 1)
    }
  }

  @Test("its size is told, its pieces make up its content, and it can be moved and removed")
  func managing() throws {
    let file = File(folder + "/a")
    #expect(try file.size() == nil)
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    try file.replace(with: bytes)
    #expect(try file.size() == 1000)
    var (pieces, content) = (0, [UInt8]())
    try file.forEachPiece(of: 300) { piece in
      pieces += 1
      for i in 0..<piece.count { content.append(piece[i]) }
    }
    #expect(pieces == 4 && content == bytes)
    try File(folder + "/x/y/z").createFolders()
    try File(folder + "/x/y/z").createFolders()
    try file.move(to: folder + "/x/y/b")
    #expect(try remaining() == ["x"])
    try File(folder + "/x/y/b").remove()
    try File(folder + "/x/y/b").remove()
    #expect(try File(folder + "/x/y/b").size() == nil)
    #expect(throws: FileError(path: folder, reason: .notRegularFile)) { try File(folder).size() }
    #expect(throws: FileError.self) { try File("/proc/none/x").createFolders() }
  }

  @Test("a full disk is told apart")
  func full() throws {
    #expect(throws: FileError(path: "/dev/full", reason: .noSpace)) {
      var device = try Descriptor("/dev/full", O_WRONLY)
      try device.write([1, 2, 3])
    }
  }

  @Test("a replacement that fails leaves no draft")
  func failedReplacement() throws {
    let path = folder + "/taken"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(throws: FileError.self) { try File(path).replace(with: [1]) }
    #expect(throws: FileError(path: "/nowhere/file", reason: .notFound)) {
      try File("/nowhere/file").replace(with: [1])
    }
    #expect(try remaining() == ["taken"])
  }
}
