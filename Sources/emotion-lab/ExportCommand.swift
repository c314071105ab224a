import CommandLineTool
import EmotionModel
import FileIO
import ModelExchange

/// `emotion-lab export MODEL --onnx FILE`: a network for programs that know nothing of this one.
enum ExportCommand: Subcommand {
  private static let onnx = Option<String>.required("onnx", .file, help: "ONNX file to write")

  static let command = Command(
    "emotion-lab export", summary: "Write the networks of a weights file as an ONNX model.",
    operands: .exactly(["MODEL"]), options: [onnx],
    examples: [
      Example("emotion-lab export models/emotion.safetensors --onnx emotion.onnx", "As ONNX"),
      Example(
        "emotion-lab features clip.wav --output clip.safetensors",
        "The features that such a model takes"),
    ])

  static func run(_ arguments: Arguments) throws {
    let output = File(arguments[onnx])
    try output.checkWritable()
    let model = try ModelFile(at: arguments.operands[0])
    try output.replace(with: model.onnx())
  }
}
