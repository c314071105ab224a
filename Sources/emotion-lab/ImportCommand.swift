import CommandLineTool
import Corpora
import EmotionModel
import Experiments
import Features
import FileIO
import NeuralNetwork
import SafeTensors

/// `emotion-lab import TENSORS --preset FILE`: a weights file from a network trained elsewhere.
enum ImportCommand: Subcommand {
  private static let preset = Option<String>.required(
    "preset", .text("NAME|FILE"), help: "Its labels, features and layers, as a preset")
  private static let output = Option(
    "output", .file, default: "model.safetensors", help: "Weights file to write")
  private static let prefix = Option<String?>.optional(
    "prefix", .text(), help: "What the tensors' names begin with before a layer's name: 'model.'")
  private static let temperature = Option(
    "temperature", .number(0.05...20), default: 1, help: "By which logits are divided")
  private static let name = Option<String?>.optional(
    "name", .text(), help: "Name of the model, instead of the preset's")

  static let command = Command(
    "emotion-lab import",
    summary: "Make a weights file of a PyTorch state dict that safetensors saved.",
    operands: .exactly(["TENSORS"]), options: [preset, output, prefix, temperature, name],
    examples: [
      Example(
        "emotion-lab import state.safetensors --preset mine.json --output my.safetensors",
        "After safetensors.torch.save_file(model.state_dict(), 'state.safetensors')")
    ])

  static func run(_ arguments: Arguments) throws {
    let path = arguments.operands[0]
    try File(arguments[output]).checkWritable()
    let preset = try Preset(named: arguments[preset])
    guard !preset.features.needsStatistics else { throw LabError.noStatistics(preset.name) }
    let networks: [(member: Preset.Member, frontEnd: FrontEnd, network: Network)]
    do { networks = try preset.networks() } catch let error as NetworkError {
      throw LabError.presetFile(path: arguments[Self.preset], .network(error))
    }
    guard networks.count == 1 else { throw LabError.severalMembers(preset.name) }
    let (member, frontEnd, network) = networks[0]
    var tensors: TensorFile
    do { tensors = try TensorFile(contentsOf: path) } catch .file(let error) { throw error } catch {
      throw LabError.tensors(path: path, .tensors(error))
    }
    if let prefix = arguments[prefix] { tensors = tensors.withoutPrefix(prefix) }
    let model: ModelFile
    do {
      model = try ModelFile(
        name: arguments[name] ?? preset.name, labels: preset.labels.labels,
        members: [
          .init(
            name: member.id, weight: member.weight, features: frontEnd.configuration.fingerprint,
            network: network, weights: Weights(of: network, from: tensors))
        ],
        calibration: .init(temperature: Float(arguments[temperature])))
    } catch {
      throw LabError.tensors(path: path, .model(error))
    }
    try model.write(to: arguments[output])
    Terminal.printError(
      "wrote \(arguments[output]): \(model.parameterCount) parameters")
  }
}

extension TensorFile {
  /// The same tensors, the prefix taken off the names that have it.
  fileprivate func withoutPrefix(_ prefix: String) -> TensorFile {
    TensorFile(
      tensors: tensors.map { name, tensor in
        (name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name, tensor)
      }, metadata: metadata)
  }
}
