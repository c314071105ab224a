/// Why a description of a network, or a weights file, cannot be used.
public enum ModelError: Error, Equatable, Sendable {
  case unknownLayer(type: String)
  case invalidLayer(name: String, problem: String)
  case duplicateLayer(name: String)
  case noLayers
  case tooManyParameters(found: Int, limit: Int)
  case missingTensor(name: String)
  case unexpectedTensor(name: String)
  case shapeMismatch(name: String, expected: [Int], found: [Int])
  case negativeVariance(name: String)
  case missingMetadata(key: String)
  case invalidMetadata(key: String, problem: String)
  case unsupportedFormat(version: String)
  case outputMismatch(labels: Int, outputs: Int)
  case notPooled
  case inputMismatch(expected: [Int], found: [Int])
}

extension ModelError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownLayer(let type): "unknown layer type \"\(type)\""
    case .invalidLayer(let name, let problem): "layer \"\(name)\": \(problem)"
    case .duplicateLayer(let name): "two layers are named \"\(name)\""
    case .noLayers: "the network has no layers"
    case .tooManyParameters(let found, let limit):
      "the network has \(found) parameters, more than \(limit)"
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
    case .outputMismatch(let labels, let outputs):
      "the network gives \(outputs) values for \(labels) labels"
    case .notPooled: "the network keeps the time axis; it needs a pooling layer or lastStep"
    case .inputMismatch(let expected, let found):
      "the features have shape \(found) (bands, channels), the network takes \(expected)"
    }
  }
}
