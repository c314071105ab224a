import CommandLineTool
import EmotionModel
import Evaluation
import Features
import FoundationEssentials
import NeuralNetwork

/// `emotion-lab model FILE`: what a weights file holds.
enum ModelCommand: Subcommand {
  static let command = Command(
    "emotion-lab model", summary: "Tell what a weights file holds: labels, size, cost, provenance.",
    operands: .oneOrMore("FILE"),
    examples: [Example("emotion-lab model models/emotion.safetensors", "The model that ships")])

  static func run(_ arguments: Arguments) throws {
    for path in arguments.operands { Terminal.print(describe(try ModelFile(at: path))) }
  }

  private static func describe(_ model: ModelFile) -> String {
    let provenance = model.provenance
    var lines = [
      ("name", model.name), ("labels", model.labels.joined(separator: " ")),
      (
        "members",
        model.members.map { "\($0.name) (\(fixed(Double($0.weight))))" }.joined(separator: " ")
      ),
      ("parameters", "\(model.parameterCount)"), ("4 seconds cost", cost(model)),
      ("temperature", fixed(Double(model.calibration.temperature))),
      ("corpora", provenance.corpora.joined(separator: " ")),
      ("speakers", "\(provenance.speakers.count)"), ("clips", "\(provenance.clips ?? 0)"),
      ("licence", provenance.licence ?? "unknown"), ("protocol", provenance.protocol ?? "none"),
      ("trained", provenance.date ?? "unknown"),
    ]
    for (name, value) in provenance.metrics.sorted(by: { $0.key < $1.key }) {
      lines.append((name, fixed(value)))
    }
    let width = lines.map(\.0.count).max() ?? 0
    return lines.map { name, value in
      name + String(repeating: " ", count: width - name.count + 2) + value
    }.joined(separator: "\n")
  }

  /// Multiplications and additions of all networks for four seconds that are all speech.
  private static func cost(_ model: ModelFile) -> String {
    var sum = 0
    for member in model.members {
      guard let features = try? FrontEndConfiguration(json: Data(member.features.utf8)) else {
        return "unknown: the features of \(member.name) cannot be read"
      }
      let frames = features.networkInput.isVector ? 1 : Int(4 / features.frameDuration) + 1
      sum += member.network.floatingPointOperations(frames)
    }
    return fixed(Double(sum) / 1e6, 1) + " MFLOP"
  }
}
