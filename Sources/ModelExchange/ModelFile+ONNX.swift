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
  /// What the features of a member are called outside: in an ONNX model, and in files of features.
  public func inputName(of member: Member) -> String {
    members.count == 1 ? "features" : member.name
  }

  /// The networks as an ONNX model, for ONNX Runtime and its kin.
  ///
  /// Each member has an input: what its front end gives, (clips, channels, bands, frames), all clips as long; where it gives
  /// functionals, bands and frames are 1. The output `probabilities` is (clips, labels), calibrated. Labels and the front ends'
  /// configurations are in the model's metadata. Throws where a layer has no translation.
  public func onnx() throws(ONNXError) -> [UInt8] {
    var graph = ONNXGraph()
    var sum: ONNXGraph.Value?
    for member in members {
      graph.scope = members.count == 1 ? "" : member.name + "."
      var translator = NetworkTranslator(
        graph, input: inputName(of: member), network: member.network,
        tensors: member.weights.tensors(of: member.network))
      var logits = try translator.translate(
        Array(member.network.spec.layers[member.network.logitLayers]))
      graph = translator.graph
      if member.weight != 1 {
        let weight = graph.constant("weight", [member.weight], shape: [])
        logits = graph.add("Mul", [logits, weight])
      }
      sum = sum.map { graph.add("Add", [$0, logits]) } ?? logits
    }
    graph.scope = ""
    guard let sum else { preconditionFailure("a model without members") }
    let temperature = graph.constant("temperature", [calibration.temperature], shape: [])
    let scaled = graph.add("Div", [sum, temperature])
    let output = graph.add("Softmax", [scaled], [("axis", .int(-1))], output: "probabilities")
    return graph.model(
      name: name, inputs: members.map(tensor),
      output: .init(name: output, axes: [.any("clips"), .length(labels.count)]),
      metadata: [("name", name), ("labels", labels.joined(separator: ","))]
        + members.map { (inputName(of: $0), $0.features) }
        + [("licence", provenance.licence ?? "unknown")])
  }

  private func tensor(_ member: Member) -> ONNXGraph.Port {
    let spec = member.network.spec
    return .init(
      name: inputName(of: member),
      axes: [
        .any("clips"), .length(spec.channels), .length(spec.bands),
        spec.takesVectors == true ? .length(1) : .any("frames"),
      ])
  }
}
