/// Why a description of a network cannot be used.
public enum NetworkError: Error, Equatable, Sendable {
  /// No layer has this name in JSON.
  case unknownLayer(type: String)
  case invalidLayer(name: String, problem: String)
  /// Two layers, or two tensors, of one name.
  case duplicateLayer(name: String)
  case noLayers
  case tooManyLayers(found: Int, limit: Int)
  case tooManyParameters(found: Int, limit: Int)
  /// Input frames of no size, or of one beyond the limit.
  case invalidFrame(bands: Int, channels: Int)
  /// Even a clip of `limit` frames is too short for an answer.
  case needsLongClips(limit: Int)
  /// It should classify, and the number of its outputs is another than that of the labels.
  case outputMismatch(labels: Int, outputs: Int)
  /// It should classify, and gives an answer for each frame.
  case notPooled
  /// It should classify, and its outputs are not in the order of the labels.
  case outputHasBands
}

extension NetworkError: CustomStringConvertible {
  /// One sentence without a full stop; it names the layer.
  public var description: String {
    switch self {
    case .unknownLayer(let type): "unknown layer type \"\(type)\""
    case .invalidLayer(let name, let problem): "layer \"\(name)\": \(problem)"
    case .duplicateLayer(let name): "two layers are named \"\(name)\""
    case .noLayers: "the network has no layers"
    case .tooManyLayers(let found, let limit): "the network has \(found) layers, more than \(limit)"
    case .tooManyParameters(let found, let limit):
      "the network has \(found) parameters, more than \(limit)"
    case .invalidFrame(let bands, let channels):
      "the network takes frames of \(bands) bands and \(channels) channels, must be 1 to "
        + "\(Network.frameLimit) each"
    case .needsLongClips(let limit): "the network needs clips of more than \(limit) frames"
    case .outputMismatch(let labels, let outputs):
      "the network gives \(outputs) values for \(labels) labels"
    case .notPooled: "the network keeps the time axis; it needs a pooling layer or lastStep"
    case .outputHasBands:
      "the network's outputs are bands side by side; it must end with a dense layer"
    }
  }
}
