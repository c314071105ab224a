/// The JSON header of a `.safetensors` file: one entry per tensor, in the order written.
struct TensorHeader {
  struct Entry {
    let name: String
    let type: TensorElement
    let shape: [Int]
    /// Byte range within the data that follows the header.
    let begin: Int
    let end: Int
  }

  private(set) var entries: [Entry] = []
  private(set) var metadata: [String: String] = [:]

  /// Reads exactly the grammar the format has. Nothing in it nests deeper than three levels and
  /// nothing here recurses, so brackets by the thousand are an error at the second one.
  init(parsing bytes: ArraySlice<UInt8>) throws(TensorFileError) {
    var scanner = JSONScanner(bytes)
    var names: Set<String> = []
    // The format wants the brace first, without space before it.
    guard bytes.first == UInt8(ascii: "{") else {
      throw .malformedHeader(at: 0, expected: "{")
    }
    try scanner.members { scanner, name throws(TensorFileError) in
      guard names.insert(name).inserted else { throw .duplicate(name: name) }
      if name == "__metadata__" {
        metadata = try Self.metadata(&scanner)
      } else {
        entries.append(try Self.entry(name, &scanner))
      }
    }
    try scanner.end()
  }

  private static func metadata(
    _ scanner: inout JSONScanner
  ) throws(TensorFileError) -> [String: String] {
    var metadata: [String: String] = [:]
    try scanner.members { scanner, key throws(TensorFileError) in
      let value = try scanner.string()
      guard metadata.updateValue(value, forKey: key) == nil else { throw .duplicate(name: key) }
    }
    return metadata
  }

  private static func entry(
    _ name: String, _ scanner: inout JSONScanner
  ) throws(TensorFileError) -> Entry {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    let start = scanner.offset
    try scanner.members { scanner, key throws(TensorFileError) in
      switch key {
      case "dtype" where type == nil: type = try scanner.string()
      case "shape" where shape == nil: shape = try scanner.integers()
      case "data_offsets" where offsets == nil: offsets = try scanner.integers()
      case "dtype", "shape", "data_offsets": throw .duplicate(name: "\(name).\(key)")
      default: throw scanner.expected("dtype, shape or data_offsets")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw .malformedHeader(at: start, expected: "dtype, shape and two data_offsets")
    }
    return try Entry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }
}

extension TensorHeader.Entry {
  fileprivate init(
    name: String, type: String, shape: [Int], begin: Int, end: Int
  ) throws(TensorFileError) {
    guard let element = TensorElement(rawValue: type) else {
      throw .unsupportedElementType(tensor: name, type: type)
    }
    guard begin <= end else { throw .reversedOffsets(tensor: name, begin: begin, end: end) }
    let bytes = try byteCount(of: shape, element, tensor: name)
    guard bytes == end - begin else {
      throw .sizeMismatch(tensor: name, expected: bytes, found: end - begin)
    }
    self.init(name: name, type: element, shape: shape, begin: begin, end: end)
  }
}

private func byteCount(
  of shape: [Int], _ element: TensorElement, tensor: String
) throws(TensorFileError) -> Int {
  guard shape.count <= TensorFileLimits.rank else {
    throw .rankTooHigh(tensor: tensor, rank: shape.count, limit: TensorFileLimits.rank)
  }
  var bytes = element.byteCount
  for length in shape {
    let (product, overflow) = bytes.multipliedReportingOverflow(by: length)
    guard !overflow else { throw .shapeTooLarge(tensor: tensor, shape: shape) }
    bytes = product
  }
  return bytes
}
