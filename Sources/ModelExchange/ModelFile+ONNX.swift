public import EmotionModel
import NeuralNetwork

extension ModelFile {
  /// The network as an ONNX model, for ONNX Runtime and its kin.
  ///
  /// Its input `features` is what the front end gives after normalisation, (clips, channels, bands,
  /// frames), all clips as long; its output `probabilities` is (clips, labels), calibrated. Labels and
  /// the front end's configuration are in the model's metadata.
  public func onnx() -> [UInt8] {
    var translator = NetworkTranslator(
      input: "features", bands: network.spec.bands, tensors: weights.tensors(of: network))
    let logits = translator.translate(Array(network.spec.layers[network.logitLayers]))
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
