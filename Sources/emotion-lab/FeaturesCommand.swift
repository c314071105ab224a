import AudioIO
import CommandLineTool
import Features
import FileIO
import Recognition
import SafeTensors

/// `emotion-lab features CLIP`: what a model's network sees of a recording.
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
        "One tensor, 'features': (1, channels, bands, frames)")
    ])

  static func run(_ arguments: Arguments) throws {
    let path = arguments.operands[0]
    try File(arguments[output]).checkWritable()
    let recognizer = try Recognizer(modelAt: arguments[model])
    let map: FeatureMap
    do {
      map = try recognizer.frontEnd(AudioDecoder().decode(File(path).read(limit: 1 << 30)).waveform)
    } catch let error as FileError {
      throw error
    } catch {
      throw LabError.unusable(path: path, "\(error)")
    }
    var values: [Float] = []
    values.reserveCapacity(map.values.count)
    for channel in 0..<map.channels {
      for band in 0..<map.bands {
        for frame in 0..<map.frames { values.append(map[frame, band, channel]) }
      }
    }
    let shape = [1, map.channels, map.bands, map.frames]
    let file = TensorFile(tensors: [("features", Tensor(shape: shape, values: values))])
    try file.write(to: arguments[output])
  }
}
