public import NeuralNetwork

/// Why a weights file makes no whole model.
public enum ModelError: Error, Equatable, Sendable {
  /// The network that it describes cannot be, or does not fit the labels.
  case network(NetworkError)
  /// The network needs a tensor that the file does not have.
  case missingTensor(name: String)
  /// The file has a tensor that no layer takes.
  case unexpectedTensor(name: String)
  /// A tensor is not of the shape that its layer needs.
  case shapeMismatch(name: String, expected: [Int], found: [Int])
  /// A running variance of batch normalisation is below 0.
  case negativeVariance(name: String)
  /// `__metadata__` lacks a key.
  case missingMetadata(key: String)
  /// The value of a key of `__metadata__`, or what it would hold, cannot be used; `problem` says why.
  case invalidMetadata(key: String, problem: String)
  /// The file is of another format version than `ModelFile.formatVersion`.
  case unsupportedFormat(version: String)
  /// The features are of another shape than the network's input, both (bands, channels).
  case inputMismatch(expected: [Int], found: [Int])
}

extension ModelError: CustomStringConvertible {
  /// One sentence without a full stop; it names the tensor, the layer or the key.
  public var description: String {
    switch self {
    case .network(let error): error.description
    case .missingTensor(let name): "tensor \"\(name)\" is missing"
    case .unexpectedTensor(let name): "tensor \"\(name)\" belongs to no layer"
    case .shapeMismatch(let name, let expected, let found):
      "tensor \"\(name)\" has shape \(found), its layer needs \(expected)"
    case .negativeVariance(let name): "tensor \"\(name)\" holds a negative variance"
    case .missingMetadata(let key): "metadata \"\(key)\" is missing"
    case .invalidMetadata(let key, let problem): "metadata \"\(key)\": \(problem)"
    case .unsupportedFormat(let version):
      version == "speech-emotion/1"
        ? "the file is of an earlier version; convert it: emotion-lab convert OLD --output NEW"
        : "format version \"\(version)\" is not one this program reads"
    case .inputMismatch(let expected, let found):
      "the features have shape \(found) (bands, channels), the network takes \(expected)"
    }
  }
}
