import AudioIO
import CommandLineTool
import FileIO
import FoundationEssentials
import Recognition

/// `emotion-lab predict FILE…`: what recordings sound like, a line each.
enum PredictCommand: Subcommand {
  private static let model = Option(
    "model", .file, default: "models/emotion.safetensors", help: "Weights file to use")
  private static let json = Option<Bool>.flag("json", help: "One JSON object a line")

  static let command = Command(
    "emotion-lab predict", summary: "Classify recordings, one line per file.",
    operands: .oneOrMore("FILE"), options: [model, json],
    examples: [
      Example("emotion-lab predict clip.wav", "The likeliest emotion and its probability"),
      Example("emotion-lab predict --json *.flac | jq -r '[.file, .emotion] | @csv'", "As a table"),
    ])

  static func run(_ arguments: Arguments) async throws {
    let recognizer = try Recognizer(modelAt: arguments[model])
    var failed = 0
    for path in arguments.operands {
      switch recognizer.result(forFile: path) {
      case .success(let prediction):
        Terminal.print(
          arguments[json] ? try encoded(path, prediction) : line(path, prediction))
      case .failure(let error):
        Terminal.printError("\(error)")
        failed += 1
      }
    }
    if failed > 0 { throw UnreadableFiles(count: failed) }
  }

  private static func line(_ path: String, _ prediction: Prediction) -> String {
    let answer = prediction.emotion.map {
      "\($0)\t\(fixed(Double(prediction.confidence ?? 0), 2))"
    }
    return "\(shown(path))\t\(answer ?? "no speech\t-")"
  }

  private struct Answer: Encodable {
    let file: String
    /// null where nobody speaks.
    let emotion: String?
    let confidence: Float?
    let probabilities: [String: Float]
    let duration: Double

    /// A nil that is encoded by itself would be left out.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(file, forKey: .file)
      try container.encode(emotion, forKey: .emotion)
      try container.encode(confidence, forKey: .confidence)
      try container.encode(probabilities, forKey: .probabilities)
      try container.encode(duration, forKey: .duration)
    }

    private enum CodingKeys: CodingKey { case file, emotion, confidence, probabilities, duration }
  }

  private static func encoded(_ path: String, _ prediction: Prediction) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let answer = Answer(
      file: path, emotion: prediction.emotion,
      confidence: prediction.confidence,
      probabilities: Dictionary(
        uniqueKeysWithValues: prediction.scores.map { ($0.label, $0.probability) }),
      duration: prediction.audio.duration)
    return String(decoding: try encoder.encode(answer), as: UTF8.self)
  }
}

/// Files of a list that got no answer.
struct UnreadableFiles: Error, CustomStringConvertible {
  let count: Int
  var description: String { "\(count) \(count == 1 ? "file" : "files") without an answer" }
}

/// A file that could not be read or recognised.
struct UnreadableRecording: Error, CustomStringConvertible {
  let description: String
}

extension Recognizer {
  /// What a file sounds like, or why it cannot be told.
  func result(forFile path: String) -> Result<Prediction, UnreadableRecording> {
    do {
      return .success(try predict(File(path).read(limit: 1 << 30)))
    } catch let error as FileError {
      return .failure(UnreadableRecording(description: "\(error)"))
    } catch {
      return .failure(UnreadableRecording(description: "\(shown(path)): \(error)"))
    }
  }
}
