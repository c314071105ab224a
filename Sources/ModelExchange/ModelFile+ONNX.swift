public import EmotionModel
import NeuralNetwork

/// Why a model cannot be said in ONNX.
public enum ONNXError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No translation of this kind of layer is known here.
  case untranslatableLayer(type: String, name: String)

  /// One sentence without a full stop.
  public var description: String {
    switch self {
    case .untranslatableLayer(let type, let name):
      "layer \"\(name)\": layers of type \"\(type)\" cannot be exported to ONNX"
    }
  }
}

extension ModelFile {
  /// The network as an ONNX model, for ONNX Runtime and its kin.
  ///
  /// Its input `features` is what the front end gives after normalisation, (clips, channels, bands,
  /// frames), all clips as long; its output `probabilities` is (clips, labels), calibrated. Labels and
  /// the front end's configuration are in the model's metadata.
  ///
  /// Throws when a layer has no translation.
  public func onnx() throws(ONNXError) -> [UInt8] {
    var translator = NetworkTranslator(
      input: "features", bands: network.spec.bands, tensors: weights.tensors(of: network))
    let logits = try translator.translate(Array(network.spec.layers[network.logitLayers]))
    var graph = translator.graph
    let temperature = graph.constant("temperature", [calibration.temperature], shape: [])
    let scaled = graph.add("Div", [logits, temperature])
    let output = graph.add("Softmax", [scaled], [("axis", .int(-1))], output: "probabilities")
    return graph.model(
      name: name,
      input: .init(
        name: "features",
        axes: [
          .any("clips"), .length(network.spec.channels), .length(network.spec.bands),
          .any("frames"),
        ]),
      output: .init(name: output, axes: [.any("clips"), .length(labels.count)]),
      metadata: [
        ("name", name), ("labels", labels.joined(separator: ",")), ("features", features),
        ("licence", provenance.licence ?? "unknown"),
      ])
  }
}
