import AudioIO
import CommandLineTool
import EmotionModel
import Features
import FileIO
import FoundationEssentials
import ModelExchange
import SafeTensors

/// `emotion-lab features CLIP`: what a model's networks take of a recording.
enum FeaturesCommand: Subcommand {
  private static let model = Option(
    "model", .file, default: "models/emotion.safetensors", help: "Weights file whose features")
  private static let output = Option<String>.required(
    "output", .file, help: "File to write, as safetensors")

  static let command = Command(
    "emotion-lab features",
    summary: "Write the features of a recording, as an exported network takes them.",
    operands: .exactly(["CLIP"]), options: [model, output],
    examples: [
      Example(
        "emotion-lab features clip.wav --output clip.safetensors",
        "One tensor for each member, or 'features': (1, channels, bands, frames)")
    ])

  static func run(_ arguments: Arguments) throws {
    let path = arguments.operands[0]
    try File(arguments[output]).checkWritable()
    let model = try ModelFile(at: arguments[model])
    var tensors: [(name: String, tensor: Tensor)] = []
    do {
      let waveform = try AudioDecoder().decode(File(path).read(limit: 1 << 30)).waveform
      for member in model.members {
        let frontEnd = try FrontEnd(FrontEndConfiguration(json: Data(member.features.utf8)))
        tensors.append((model.inputName(of: member), tensor(try frontEnd(waveform))))
      }
    } catch let error as FileError {
      throw error
    } catch {
      throw LabError.unusable(path: path, "\(error)")
    }
    try TensorFile(tensors: tensors).write(to: arguments[output])
  }

  /// (1, channels, bands, frames), in PyTorch's order.
  private static func tensor(_ map: FeatureMap) -> Tensor {
    var values: [Float] = []
    values.reserveCapacity(map.values.count)
    for channel in 0..<map.channels {
      for band in 0..<map.bands {
        for frame in 0..<map.frames { values.append(map[frame, band, channel]) }
      }
    }
    return Tensor(shape: [1, map.channels, map.bands, map.frames], values: values)
  }
}
