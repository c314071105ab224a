internal import FileIO

extension TensorFile {
  public init(contentsOf path: String) throws(TensorFileError) {
    let bytes: [UInt8]
    do {
      bytes = try File(path).read(limit: TensorFileLimits.fileBytes)
    } catch {
      throw .file(error)
    }
    try self.init(bytes: bytes)
  }

  public init(bytes: [UInt8]) throws(TensorFileError) {
    let headerEnd = try Self.headerEnd(bytes)
    let header = try TensorHeader(parsing: bytes[8..<headerEnd])
    let entries = header.entries.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
    try Self.checkTiling(entries, from: headerEnd, to: bytes.count)
    self.init(metadata: header.metadata)
    for entry in entries {
      let data = bytes[headerEnd + entry.begin..<headerEnd + entry.end]
      tensors.append((entry.name, try entry.tensor(from: data)))
    }
  }

  private static func headerEnd(_ bytes: [UInt8]) throws(TensorFileError) -> Int {
    guard bytes.count >= 8 else { throw .truncated(expected: 8, found: bytes.count) }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= TensorFileLimits.headerBytes else {
      throw .headerTooLarge(bytes: length, limit: TensorFileLimits.headerBytes)
    }
    let end = 8 + Int(length)
    guard end <= bytes.count else { throw .truncated(expected: end, found: bytes.count) }
    return end
  }

  /// Tensors, sorted by where they begin, have to cover the file's bytes after the header exactly.
  private static func checkTiling(
    _ entries: [TensorHeader.Entry], from start: Int, to end: Int
  ) throws(TensorFileError) {
    let total = end - start
    var covered = 0
    var previous = ""
    for entry in entries {
      guard entry.begin >= covered else { throw .overlap(first: previous, second: entry.name) }
      guard entry.begin == covered else {
        throw .gap(before: entry.name, bytes: entry.begin - covered)
      }
      (covered, previous) = (entry.end, entry.name)
    }
    guard covered <= total else { throw .truncated(expected: start + covered, found: end) }
    guard covered == total else { throw .trailing(bytes: total - covered) }
  }
}

extension TensorHeader.Entry {
  fileprivate func tensor(from data: ArraySlice<UInt8>) throws(TensorFileError) -> Tensor {
    let values = type.decode(data)
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(tensor: name, index: index)
    }
    return Tensor(shape: shape, values: values)
  }
}
