import AudioIO
import CommandLineTool
import FileIO
import Recognition
import StrictJSON
import Synchronization

/// `emotion-lab stages CLIP…`: where the time of an answer goes on this machine.
enum StagesCommand: Subcommand {
  private static let model = Option(
    "model", .file, default: "models/emotion.safetensors", help: "Weights file to use")
  private static let turns = Option(
    "turns", .integer(1...1_000_000), default: 200,
    help: "Number of answers that are timed, after a tenth as many that are not")
  private static let json = Option<Bool>.flag("json", help: "One JSON object a line")

  static let command = Command(
    "emotion-lab stages", summary: "Time each stage of an answer on this machine, on one thread.",
    operands: .oneOrMore("CLIP"), options: [model, turns, json],
    examples: [
      Example("emotion-lab stages clip.wav", "Milliseconds: the median and the fastest of 200"),
      Example("emotion-lab stages --model mine.safetensors clip.wav", "With other weights"),
    ])

  static func run(_ arguments: Arguments) throws {
    let watch = StageWatch()
    let recognizer = try Recognizer(modelAt: arguments[model], observe: watch.note)
    for path in arguments.operands {
      let bytes = try File(path).read(limit: 1 << 30)
      let clip = try timed(arguments[turns], named: path, watch) { try recognizer.predict(bytes) }
      Terminal.print(arguments[json] ? canonicalJSON(clip) : clip.table)
    }
  }

  private static func timed(
    _ turns: Int, named path: String, _ watch: StageWatch, _ answer: () throws -> Prediction
  ) throws -> TimedClip {
    do {
      for _ in 0..<max(1, turns / 10) { _ = try answer() }
      _ = watch.taken()
      var whole: [Double] = []
      var seconds = 0.0
      for _ in 0..<turns {
        let began = ContinuousClock.now
        seconds = try answer().audio.duration
        whole.append(began.duration(to: .now).milliseconds)
      }
      return TimedClip(file: path, seconds: seconds, stages: watch.taken(), whole: whole)
    } catch {
      throw LabError.unusable(path: path, "\(error)")
    }
  }
}

/// Keeps how long each stage took, in milliseconds.
private final class StageWatch: Sendable {
  private let times = Mutex<[RecognitionStage: [Double]]>([:])

  func note(_ stage: RecognitionStage, _ duration: Duration) {
    times.withLock { $0[stage, default: []].append(duration.milliseconds) }
  }

  /// What was noted since this was last asked.
  func taken() -> [RecognitionStage: [Double]] {
    times.withLock { times in
      defer { times = [:] }
      return times
    }
  }
}

private struct TimedClip: Encodable {
  struct Times: Encodable {
    /// Milliseconds.
    let median: Double
    let least: Double

    init(_ times: [Double]) {
      let sorted = times.sorted()
      median = sorted[sorted.count / 2]
      least = sorted[0]
    }
  }

  let file: String
  /// Of sound.
  let seconds: Double
  let milliseconds: [String: Times]

  init(file: String, seconds: Double, stages: [RecognitionStage: [Double]], whole: [Double]) {
    self.file = file
    self.seconds = seconds
    var milliseconds = ["whole": Times(whole)]
    for (stage, times) in stages { milliseconds[stage.rawValue] = Times(times) }
    self.milliseconds = milliseconds
  }

  var table: String {
    var table = TextTable(header: ["stage", "median ms", "fastest ms", "of the whole"])
    let whole = milliseconds["whole"]?.median ?? 0
    for name in RecognitionStage.allCases.map(\.rawValue) + ["whole"] {
      guard let times = milliseconds[name] else { continue }
      table.add([
        name, fixed(times.median), fixed(times.least), "\(fixed(100 * times.median / whole, 0)) %",
      ])
    }
    return "\(shown(file)): \(fixed(seconds, 2)) s of sound\n" + table.text
  }
}

extension Duration {
  fileprivate var milliseconds: Double { self / .milliseconds(1) }
}
