import CommandLineTool
import EmotionTraining
import FoundationEssentials

/// `emotion-lab presets`: the systems that come with the program, as data.
enum PresetsCommand: Subcommand {
  static let command = Command(
    "emotion-lab presets", summary: "List the presets, or show some as JSON to edit and train.",
    operands: .any("NAME"),
    examples: [
      Example("emotion-lab presets", "Names and summaries"),
      Example("emotion-lab presets default > mine.json", "A file for 'emotion-lab train --preset'"),
    ])

  static func run(_ arguments: Arguments) throws {
    if arguments.operands.isEmpty {
      for preset in Preset.builtIn { Terminal.print("\(preset.name)\t\(preset.summary)") }
    }
    for name in arguments.operands {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let json = try encoder.encode(Preset(named: name))
      Terminal.print(String(decoding: json, as: UTF8.self))
    }
  }
}
