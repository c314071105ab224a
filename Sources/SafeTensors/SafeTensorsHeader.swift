internal import StrictJSON

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

  /// Reads exactly the grammar the format has: whatever else is JSON is refused.
  init(parsing bytes: ArraySlice<UInt8>) throws(TensorFileError) {
    // The format wants the brace first, without space before it.
    guard bytes.first == UInt8(ascii: "{") else {
      throw .malformedHeader(at: 0, expected: "{")
    }
    var scanner = JSONScanner(bytes, sizeLimit: bytes.count)
    var descriptions: [EntryDescription] = []
    do throws(JSONError) {
      descriptions = try read(&scanner)
      try scanner.finish()
    } catch {
      throw TensorFileError(error, at: scanner.offset)
    }
    for name in metadata.keys { try checkLength(of: name) }
    for description in descriptions { entries.append(try Entry(description)) }
  }

  private mutating func read(
    _ scanner: inout JSONScanner
  ) throws(JSONError) -> [EntryDescription] {
    var names: Set<String> = []
    var descriptions: [EntryDescription] = []
    try scanner.members { name, scanner throws(JSONError) in
      guard names.insert(name).inserted else { throw .repeated(name) }
      if name == "__metadata__" {
        metadata = try scanner.strings()
      } else {
        descriptions.append(try EntryDescription(name, &scanner))
      }
    }
    return descriptions
  }
}

/// What the header says of a tensor, before anybody has checked it.
private struct EntryDescription {
  let name: String
  /// Where it stands in the header.
  let offset: Int
  var type: String?
  var shape: [Int]?
  var offsets: [Int]?

  init(_ name: String, _ scanner: inout JSONScanner) throws(JSONError) {
    self.name = name
    offset = scanner.offset
    try scanner.members { key, scanner throws(JSONError) in
      switch key {
      case "dtype" where type == nil: type = try scanner.string()
      case "shape" where shape == nil: shape = try scanner.wholeNumbers()
      case "data_offsets" where offsets == nil: offsets = try scanner.wholeNumbers()
      case "dtype", "shape", "data_offsets": throw .repeated("\(name).\(key)")
      default: throw .syntax(at: scanner.offset)
      }
    }
  }
}

extension JSONScanner {
  /// An object of strings, each name once.
  fileprivate mutating func strings() throws(JSONError) -> [String: String] {
    var strings: [String: String] = [:]
    try members { name, scanner throws(JSONError) in
      let value = try scanner.string()
      guard strings.updateValue(value, forKey: name) == nil else { throw .repeated(name) }
    }
    return strings
  }

  fileprivate mutating func wholeNumbers() throws(JSONError) -> [Int] {
    var numbers: [Int] = []
    try array { scanner throws(JSONError) in numbers.append(try scanner.wholeNumber()) }
    return numbers
  }
}

extension TensorFileError {
  /// - Parameter offset: Where the scanner stopped.
  fileprivate init(_ error: JSONError, at offset: Int) {
    switch error {
    case .repeated(let name): self = .duplicate(name: name)
    case .encoding(let offset): self = .malformedHeader(at: offset, expected: "a string in UTF-8")
    case .syntax(let offset): self = .malformedHeader(at: offset, expected: "a header's JSON")
    case .member, .notBase64, .tooDeep, .tooLarge:
      self = .malformedHeader(at: offset, expected: "a value of another type")
    }
  }
}

private func checkLength(of name: String) throws(TensorFileError) {
  guard name.utf8.count <= TensorFileLimits.nameBytes else {
    throw .nameTooLong(bytes: name.utf8.count, limit: TensorFileLimits.nameBytes)
  }
}

extension TensorHeader.Entry {
  fileprivate init(_ description: EntryDescription) throws(TensorFileError) {
    let name = description.name
    try checkLength(of: name)
    guard let type = description.type, let shape = description.shape,
      let offsets = description.offsets, offsets.count == 2
    else {
      throw .malformedHeader(
        at: description.offset, expected: "dtype, shape and two data_offsets")
    }
    let (begin, end) = (offsets[0], offsets[1])
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
