internal import FileIO
internal import StrictJSON

extension TensorFile {
  /// The file's bytes. Equal content gives equal bytes. What the reader would refuse is refused here:
  /// a name twice or too long, or a value that is not finite, as in a training that diverged.
  /// - Parameter counts: Names of tensors of whole numbers from 0 to 65,535, which take 16 bits each; all others are F32.
  public func encoded(counts: Set<String> = []) throws(TensorFileError) -> [UInt8] {
    try check()
    let header = try headerBytes(counts)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + tensors.reduce(0) { $0 + 4 * $1.tensor.values.count })
    bytes.appendLittleEndian(UInt64(header.count))
    bytes += header
    for (name, tensor) in tensors {
      if counts.contains(name) {
        for value in tensor.values { bytes.appendLittleEndian(UInt16(value)) }
      } else {
        for value in tensor.values { bytes.appendLittleEndian(value.bitPattern) }
      }
    }
    return bytes
  }

  /// Replaces the file at `path` in one step; a failure leaves the old file as it was.
  public func write(to path: String) throws(TensorFileError) {
    let bytes = try encoded()
    do {
      try File(path).replace(with: bytes)
    } catch {
      throw .file(error)
    }
  }

  private func check() throws(TensorFileError) {
    var names: Set = ["__metadata__"]
    for name in tensors.map(\.name) + metadata.keys {
      guard name.utf8.count <= TensorFileLimits.nameBytes else {
        throw .nameTooLong(bytes: name.utf8.count, limit: TensorFileLimits.nameBytes)
      }
    }
    for (name, tensor) in tensors {
      guard names.insert(name).inserted else { throw .duplicate(name: name) }
      let rank = tensor.shape.count
      guard rank <= TensorFileLimits.rank else {
        throw .rankTooHigh(tensor: name, rank: rank, limit: TensorFileLimits.rank)
      }
      if let index = tensor.values.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(tensor: name, index: index)
      }
    }
  }

  /// Padded with spaces so that the tensors begin at a multiple of eight bytes.
  private func headerBytes(_ counts: Set<String>) throws(TensorFileError) -> [UInt8] {
    var members: [String: HeaderMember] =
      metadata.isEmpty ? [:] : ["__metadata__": .strings(metadata)]
    var offset = 0
    for (name, tensor) in tensors {
      let element: TensorElement = counts.contains(name) ? .uint16 : .float32
      let end = offset + element.byteCount * tensor.values.count
      members[name] = .tensor(
        .init(dtype: element.rawValue, shape: tensor.shape, dataOffsets: [offset, end]))
      offset = end
    }
    var header = Array(canonicalJSON(members).utf8)
    header += repeatElement(UInt8(ascii: " "), count: -header.count & 7)
    guard header.count <= TensorFileLimits.headerBytes else {
      throw .headerTooLarge(bytes: UInt64(header.count), limit: TensorFileLimits.headerBytes)
    }
    return header
  }
}

private enum HeaderMember: Encodable {
  case strings([String: String])
  case tensor(Description)

  struct Description: Encodable {
    let dtype: String
    let shape: [Int]
    let dataOffsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case dataOffsets = "data_offsets"
    }
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .strings(let strings): try strings.encode(to: encoder)
    case .tensor(let description): try description.encode(to: encoder)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func appendLittleEndian(_ word: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: 0, to: word.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }
}
