internal import Glibc

/// An open file descriptor that closes itself.
package struct Descriptor: ~Copyable {
  private let path: String
  private let number: Int32

  package init(_ path: String, _ flags: Int32) throws(FileError) {
    number = unsafe open(path, flags | O_CLOEXEC, 0o666)
    self.path = path
    guard number >= 0 else { throw FileError(path: path, errno: errno) }
  }

  deinit {
    close(number)
  }

  /// Bytes of a regular file; anything else throws `.notRegularFile`.
  func regularSize() throws(FileError) -> Int {
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else { throw FileError(path: path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(path: path, reason: .notRegularFile)
    }
    return Int(status.st_size)
  }

  /// Up to `count` bytes: fewer when the file shrinks meanwhile.
  func read(count: Int) throws(FileError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      unsafe failure = fill(UnsafeMutableRawBufferPointer(buffer), &filled)
    }
    guard failure == 0 else { throw FileError(path: path, errno: failure) }
    return bytes
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer, _ filled: inout Int) -> Int32 {
    while filled < buffer.count {
      let got = unsafe Glibc.read(number, buffer.baseAddress! + filled, buffer.count - filled)
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { return got == 0 ? 0 : errno }
      filled += got
    }
    return 0
  }

  package mutating func write(_ bytes: [UInt8]) throws(FileError) {
    let failure = unsafe bytes.withUnsafeBytes { unsafe drain($0) }
    guard failure == 0 else { throw FileError(path: path, errno: failure) }
  }

  private func drain(_ buffer: UnsafeRawBufferPointer) -> Int32 {
    var written = 0
    while written < buffer.count {
      let put = unsafe Glibc.write(number, buffer.baseAddress! + written, buffer.count - written)
      if put < 0 && errno == EINTR { continue }
      guard put >= 0 else { return errno }
      written += put
    }
    return 0
  }

  mutating func synchronise() throws(FileError) {
    guard fsync(number) == 0 else { throw FileError(path: path, errno: errno) }
  }
}
