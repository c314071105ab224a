/// Numbers with a shape, row-major: the last axis is innermost.
public struct Tensor: Sendable, Equatable {
  /// Length of every axis; empty for a single number.
  public let shape: [Int]
  public let values: [Float]

  public init(shape: [Int], values: [Float]) {
    let count = shape.reduce(1, *)
    precondition(values.count == count, "shape \(shape) needs \(count) values: \(values.count)")
    self.shape = shape
    self.values = values
  }
}

/// The content of a `.safetensors` file: named tensors and a dictionary of strings.
///
/// Format: https://huggingface.co/docs/safetensors. Written as F32; F64, F16, BF16 and I64 are read
/// too and rounded to `Float`. The reader trusts nothing: see `TensorFileError`.
public struct TensorFile: Sendable {
  /// In the order in which they lie in the file. Names are unique.
  public var tensors: [(name: String, tensor: Tensor)]
  public var metadata: [String: String]

  public init(
    tensors: [(name: String, tensor: Tensor)] = [], metadata: [String: String] = [:]
  ) {
    self.tensors = tensors
    self.metadata = metadata
  }

  public subscript(name: String) -> Tensor? {
    tensors.first { $0.name == name }?.tensor
  }
}

/// Caps of the format as read and written here.
package enum TensorFileLimits {
  package static let fileBytes = 256 << 20
  package static let headerBytes = 4 << 20
  package static let nameBytes = 256
  package static let rank = 8
}
