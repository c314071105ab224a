import CommandLineTool
import EmotionModel
import FileIO
import ModelExchange
import SafeTensors

/// `emotion-lab convert OLD`: a weights file of format 1 in the format of today.
enum ConvertCommand: Subcommand {
  private static let output = Option<String>.required(
    "output", .file, help: "Weights file to write")

  static let command = Command(
    "emotion-lab convert",
    summary: "Convert a weights file of an earlier version; it answers as before.",
    operands: .exactly(["MODEL"]), options: [output],
    examples: [
      Example("emotion-lab convert old.safetensors --output new.safetensors", "From format 1 to 2")
    ])

  static func run(_ arguments: Arguments) throws {
    let path = arguments.operands[0]
    try File(arguments[output]).checkWritable()
    let file: TensorFile
    do { file = try TensorFile(contentsOf: path) } catch .file(let error) { throw error } catch {
      throw LabError.tensors(path: path, .tensors(error))
    }
    let model: ModelFile
    do { model = try ModelFile(convertingVersion1: file) } catch {
      throw LabError.conversion(path: path, error)
    }
    try model.write(to: arguments[output])
    Terminal.printError(
      "wrote \(arguments[output]): "
        + (model.members.count == 1 ? "one network" : "\(model.members.count) members"))
  }
}
