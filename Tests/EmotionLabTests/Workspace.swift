import AudioCodecs
import AudioIO
import Foundation
import Testing

/// A folder with a small corpus in RAVDESS's layout and a preset that learns it in no time.
final class Workspace: Sendable {
  let root = FileManager.default.temporaryDirectory.appending(path: "lab-\(UUID())").path

  init() throws {
    for speaker in 1...4 {
      for emotion in [2, 3] {
        for take in 1...3 {
          let name = "ravdess/Actor_0\(speaker)/03-01-0\(emotion)-01-01-0\(take)-0\(speaker).wav"
          try write(name, Self.recording(rising: emotion == 3, speaker: speaker, take: take))
        }
      }
    }
    try write("small.json", Array(Self.preset.utf8))
    try write(
      "folds.json",
      Array(#"{"corpus": "ravdess", "protocol": "halves", "folds": [[1, 2], [3, 4]]}"#.utf8))
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let url = URL(filePath: root).appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: root).appending(path: name)))
  }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(root)/\(name)") }

  /// A recording of speech, as long as a sentence.
  static let speech = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../docs/sample.wav").standardizedFileURL.path

  /// A tone that rises when happy and falls when calm.
  static func recording(
    rising: Bool, speaker: Int, take: Int, amplitude: Double = 0.3
  ) throws -> [UInt8] {
    let count = 3200 + 160 * take
    var phase = 0.0
    let samples = (0..<count).map { index in
      let share = Double(index) / Double(count)
      let pitch = 300 + 40 * Double(speaker) + 1500 * (rising ? share : 1 - share)
      phase += 2 * .pi * pitch / 8000
      return Float(amplitude * sin(phase))
    }
    return try Waveform(samples: samples, sampleRate: 8000).wavFile(encoding: .pcm16)
  }

  private static let preset = """
    {
      "name": "small", "labels": {"labels": ["calm", "happy"]},
      "features": {
        "sampleRate": 8000, "silenceFloor": -80, "minimumDuration": 0.1, "hopLength": 160,
        "spectrum": {"fftSize": 256, "windowLength": 200, "window": "hann"},
        "channels": [{"features": [{"source": {"logMel": {
          "floor": 1e-10, "range": 70,
          "mel": {"bands": 8, "low": 20, "high": 4000, "norm": "slaney", "scale": "slaney"}}}}]}],
        "normalization": {"rule": "utterance"}, "length": {"rule": "any"}
      },
      "copies": {"speeds": [0.9]},
      "members": [{"layers": [
        {"type": "conv2d", "name": "conv", "channels": 4, "kernel": [3, 3], "stride": [2, 2]},
        {"type": "batchNorm", "name": "norm"}, {"type": "relu", "name": "rectify"},
        {"type": "sequence", "name": "sequence"}, {"type": "lstm", "name": "lstm", "units": 6},
        {"type": "attentionPooling", "name": "attention"},
        {"type": "dense", "name": "classes", "units": 2}, {"type": "softmax", "name": "softmax"}
      ],
      "training": {
        "epochs": 12, "batchSize": 6, "shardSize": 3, 
        "schedule": {"oneCycle": {"peak": 0.02}}
      }}]
    }
    """
}

/// What a run of the program gave.
struct Run {
  let status: Int32
  let output: String
  let errors: String

  var lines: [Substring] { output.split(separator: "\n") }
}

extension Workspace {
  func run(_ arguments: String...) throws -> Run { try run(arguments) }

  /// The program that was built along with the tests; that it is missing fails the test.
  private static func program() throws -> URL {
    let url = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "emotion-lab")
    try #require(
      FileManager.default.isExecutableFile(atPath: url.path), "\(url.path) is not built")
    return url
  }

  /// Runs `emotion-lab` in this folder. When its messages first contain `word`, it gets Ctrl-C.
  /// - Parameter path: Where programs are looked for, if not where they are.
  func run(_ arguments: [String], interruptAt word: String? = nil, path: String? = nil) throws
    -> Run
  {
    let process = Process()
    if let path {
      process.environment = ProcessInfo.processInfo.environment.merging(["PATH": path]) { $1 }
    }
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = try Self.program()
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: root)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    var messages = Data()
    var isInterrupted = word == nil
    while true {
      let more = errors.fileHandleForReading.availableData
      if more.isEmpty { break }
      messages += more
      if !isInterrupted, let word, String(decoding: messages, as: UTF8.self).contains(word) {
        isInterrupted = true
        process.interrupt()
      }
    }
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Run(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: messages, as: UTF8.self))
  }
}
