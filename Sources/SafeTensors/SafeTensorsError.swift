public import FileIO

/// What is wrong with a `.safetensors` file.
public enum TensorFileError: Error, Equatable, Sendable {
  case file(FileError)
  /// The file has fewer bytes than its header length or its tensors need.
  case truncated(expected: Int, found: Int)
  case headerTooLarge(bytes: UInt64, limit: Int)
  /// The header is not the JSON it has to be: `expected` was not found `at` this byte of the header.
  case malformedHeader(at: Int, expected: String)
  /// A tensor or a metadata key is there twice.
  case duplicate(name: String)
  case nameTooLong(bytes: Int, limit: Int)
  case unsupportedElementType(tensor: String, type: String)
  case rankTooHigh(tensor: String, rank: Int, limit: Int)
  /// The shape's elements cannot be counted in an `Int`.
  case shapeTooLarge(tensor: String, shape: [Int])
  case reversedOffsets(tensor: String, begin: Int, end: Int)
  /// The offsets span another number of bytes than shape and type ask for.
  case sizeMismatch(tensor: String, expected: Int, found: Int)
  case overlap(first: String, second: String)
  /// Bytes in front of `before` that belong to no tensor.
  case gap(before: String, bytes: Int)
  /// Bytes after the last tensor.
  case trailing(bytes: Int)
  /// Value number `index` of the tensor is infinite, no number, or beyond `Float`.
  case notFinite(tensor: String, index: Int)
}

extension TensorFileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .truncated(let expected, let found): "cut short: \(found) of \(expected) bytes"
    case .headerTooLarge(let bytes, let limit): "header of \(bytes) bytes, above \(limit)"
    case .malformedHeader(let offset, let expected): "header byte \(offset): expected \(expected)"
    case .duplicate(let name): "\(name) is there twice"
    case .nameTooLong(let bytes, let limit): "a name of \(bytes) bytes, above \(limit)"
    case .unsupportedElementType(let tensor, let type): "\(tensor): element type \(type)"
    case .rankTooHigh(let tensor, let rank, let limit): "\(tensor): \(rank) axes, above \(limit)"
    case .shapeTooLarge(let tensor, let shape): "\(tensor): shape \(shape) is too large"
    case .reversedOffsets(let tensor, let begin, let end): "\(tensor): offsets \(begin) to \(end)"
    case .sizeMismatch(let tensor, let expected, let found):
      "\(tensor): \(found) bytes where its shape needs \(expected)"
    case .overlap(let first, let second): "\(second) overlaps \(first)"
    case .gap(let name, let bytes): "\(bytes) unused bytes before \(name)"
    case .trailing(let bytes): "\(bytes) bytes after the last tensor"
    case .notFinite(let tensor, let index): "\(tensor): value \(index) is not finite"
    }
  }
}
