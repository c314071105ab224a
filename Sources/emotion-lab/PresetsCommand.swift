import CommandLineTool
import Experiments
import StrictJSON

/// `emotion-lab presets`: the systems that come with the program, as data.
enum PresetsCommand: Subcommand {
  static let command = Command(
    "emotion-lab presets", summary: "List the presets, or show some as JSON to edit and train.",
    operands: .any("[show NAME…]"),
    examples: [
      Example("emotion-lab presets", "Names and summaries"),
      Example("emotion-lab presets show lstm-mfcc40", "All of it: features, layers, training"),
      Example(
        "emotion-lab presets show default > mine.json", "A file for 'emotion-lab train --preset'"),
    ])

  static func run(_ arguments: Arguments) throws {
    guard let verb = arguments.operands.first else {
      for preset in Preset.builtIn { Terminal.print("\(preset.name)\t\(preset.summary)") }
      return
    }
    guard verb == "show" else {
      throw UsageError.unknownCommand(verb, suggestion: "'show \(verb)'")
    }
    let names = arguments.operands.dropFirst()
    guard !names.isEmpty else { throw UsageError.missingOperand("NAME") }
    for name in names { Terminal.print(try readableJSON(Preset(named: name))) }
  }
}
