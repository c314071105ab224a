import FoundationEssentials
import NeuralNetwork
public import SafeTensors

extension ModelFile {
  public var tensorFile: TensorFile {
    TensorFile(
      tensors: weights.tensors(of: network),
      metadata: [
        Key.format.rawValue: Self.formatVersion, Key.name.rawValue: name,
        Key.labels.rawValue: json(labels), Key.features.rawValue: features,
        Key.network.rawValue: json(network.spec), Key.calibration.rawValue: json(calibration),
        Key.provenance.rawValue: json(provenance),
      ])
  }

  /// Replaces the file as a whole or not at all.
  public func write(to path: String) throws(TensorFileError) { try tensorFile.write(to: path) }
}

private func json(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  guard let data = try? encoder.encode(value) else {
    preconditionFailure("metadata that JSON cannot hold")
  }
  return String(decoding: data, as: UTF8.self)
}
