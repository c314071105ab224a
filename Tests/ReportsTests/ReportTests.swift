import AudioCodecs
import AudioIO
import Augmentation
import Corpora
import Evaluation
import Foundation
import Reports
import Testing
import Training

/// A folder that goes away with its owner.
private final class Folder: Sendable {
  let path = FileManager.default.temporaryDirectory.appending(path: "reports-\(UUID())").path

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func add(_ name: String, _ bytes: [UInt8]) throws {
    let url = URL(filePath: path).appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: URL(filePath: path).appending(path: name), encoding: .utf8)
  }

  func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path).appending(path: name)))
  }

  var files: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}

/// A voice-like sound: harmonics of a pitch that glides.
private func voice(pitch: Double, glide: Double, seconds: Double) throws -> [UInt8] {
  var phase = 0.0
  var samples: [Float] = []
  for n in 0..<Int(16_000 * seconds) {
    phase += 2 * Double.pi * (pitch + glide * Double(n) / 16_000) / 16_000
    var sum = 0.0
    for harmonic in 1...6 { sum += sin(phase * Double(harmonic)) / Double(harmonic) }
    samples.append(Float(0.2 * sum))
  }
  return try Waveform(samples: samples, sampleRate: 16_000).wavFile(encoding: .pcm16)
}

/// The pictures inside a page.
private func images(_ html: String) -> [(type: String, bytes: [UInt8])] {
  html.components(separatedBy: "src=\"data:").dropFirst().compactMap { part in
    let address = part.prefix { $0 != "\"" }
    let pieces = address.components(separatedBy: ";base64,")
    return Data(base64Encoded: pieces.last ?? "").map { (pieces[0], [UInt8]($0)) }
  }
}

private func isWhole(_ image: (type: String, bytes: [UInt8])) -> Bool {
  if image.type == "image/png" { return image.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) }
  return String(decoding: image.bytes, as: UTF8.self)
    .trimmingCharacters(in: .whitespacesAndNewlines).hasSuffix("</svg>")
}

@Suite("Reports")
struct ReportTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func outcome(_ n: Int, right: Bool) -> ClipResult {
    let target = n % 3
    var probabilities: [Float] = [0.1, 0.1, 0.1]
    probabilities[right ? target : (target + 1) % 3] = 0.8
    return ClipResult(
      clip: "clips/<\(n)>.wav", speaker: "s\(n % 5)", target: target, probabilities: probabilities)
  }

  private static func epoch(_ json: String) throws -> EpochReport {
    try JSONDecoder().decode(EpochReport.self, from: Data(json.utf8))
  }

  @Test("an evaluation's page holds its pictures and names its worst clips")
  func evaluation() throws {
    let result = EvaluationResult(
      name: "it's a \"model\" & more", protocol: "folds", labels: ["a'b", "c`d`", "e\\n\"f"],
      outcomes: (0..<60).map { outcome($0, right: $0 % 4 > 0) })
    let history = try (1...5).map { epoch in
      try Self.epoch(
        """
        {"epoch": \(epoch), "epochs": 5, "learningRate": 0.1, "trainingLoss": \(2.0 / Double(epoch)),
         "trainingAccuracy": 0.5, "validationLoss": 1.5, "validationAccuracy": 0.4,
         "validationUAR": 0.4, "isBest": \(epoch == 4), "seconds": 1}
        """)
    }
    let path = folder.path + "/page.html"
    try Report(result, histories: [history, history]).write(html: path)
    let html = try folder.text("page.html")
    let images = images(html)
    #expect(images.count == 5 && images.allSatisfy(isWhole))
    #expect(html.contains("it's a &quot;model&quot; &amp; more: 60 clips of 5 speakers"))
    #expect(html.contains("clips/&lt;0&gt;.wav") && !html.contains("clips/<"))
    // Nothing is fetched: every address is data.
    #expect(html.components(separatedBy: "src=").count == images.count + 1)
    #expect(!html.contains("href="))
    let drawn = images.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
    #expect(drawn.contains("a'b") && drawn.contains("c`d`"))
  }

  @Test("an evaluation's page tells what is lost under degradations, where they were asked for")
  func degradations() throws {
    let clean = (0..<60).map { outcome($0, right: true) }
    var result = EvaluationResult(
      name: "m", protocol: "p", labels: ["a", "b", "c"], outcomes: clean)
    try Report(result).write(html: folder.path + "/clean.html")
    #expect(!(try folder.text("clean.html")).contains("Outside the studio"))
    result.degradations = [
      try DegradationReport(
        .babble(10), labels: result.labels, outcomes: (0..<60).map { outcome($0, right: $0 > 14) },
        clean: clean)
    ]
    try Report(result).write(html: folder.path + "/page.html")
    let html = try folder.text("page.html")
    #expect(html.contains("Outside the studio") && html.contains("babble:10"))
    #expect(html.contains("as recorded") && html.contains("0.750") && html.contains("-0.250"))
  }

  @Test(
    "pages of next to nothing are pages all the same",
    arguments: [
      [ClipResult(clip: "1", speaker: "s", target: 0, probabilities: [1, 0])],
      [ClipResult(clip: "1", speaker: "s", target: 0, probabilities: [0, 1])],
    ])
  func little(outcomes: [ClipResult]) throws {
    let result = EvaluationResult(name: "m", protocol: "", labels: ["a", "b"], outcomes: outcomes)
    let untold = try Self.epoch(
      """
      {"epoch": 1, "epochs": 1, "learningRate": 0.1, "trainingLoss": 2, "trainingAccuracy": 0,
       "isBest": false, "seconds": 1}
      """)
    try Report(result, histories: [[untold]]).write(html: folder.path + "/page.html")
    #expect(images(try folder.text("page.html")).count == 5)
    try Report(trainingOf: "m", [[untold]]).write(html: folder.path + "/training.html")
    #expect(images(try folder.text("training.html")).count == 2)
  }

  @Test("clips that say nothing are drawn all the same")
  func silence() async throws {
    for (name, samples) in [
      ("sad/silence", [Float](repeating: 0, count: 8000)), ("sad/one", [0.5]),
      ("it's `odd`/constant", .init(repeating: 0.5, count: 4000)),
      ("'quoted'/constant", .init(repeating: 0.5, count: 4000)),
      ("100%/constant", .init(repeating: 0.5, count: 4000)),
    ] {
      let wave = Waveform(samples: samples, sampleRate: 16_000)
      try folder.add("own/\(name).wav", wave.wavFile(encoding: .pcm16))
    }
    try folder.add("own/happy/1.wav", voice(pitch: 200, glide: 0, seconds: 0.3))
    let survey = try await CorpusSurvey(of: Corpus(at: folder.path + "/own"))
    try Report(survey).write(html: folder.path + "/odd.html")
    #expect(images(try folder.text("odd.html")).allSatisfy(isWhole))
  }

  @Test(
    "labels may hold what means something to gnuplot, and are shown as they are",
    arguments: [
      "'x", "'", "''", "a'", "a''b", "\"q\"", "\"", "a\\b", "\\n", "@home", "a_b", "a^b", "{x",
      "a\nb", "50%",
      "%s %d", "%%", "$x", "`date`", "#c", "x,y", "(x)", "wütend 😀", "\u{1B}[31m", "a\0b", "",
    ])
  func labels(label: String) throws {
    let result = EvaluationResult(
      name: label, protocol: label, labels: [label, "other"],
      outcomes: [ClipResult(clip: label, speaker: label, target: 0, probabilities: [1, 0])])
    try Report(result).write(html: folder.path + "/page.html")
    let images = images(try folder.text("page.html"))
    #expect(!images.isEmpty && images.allSatisfy(isWhole))
    let shown = String(label.map { $0 == "\n" || $0 == "\0" || $0 == "\u{1B}" ? " " : $0 })
    let text = images.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
    let plain = [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"),
      ("&amp;", "&"),
    ]
    .reduce(text) { $0.replacing($1.0, with: $1.1) }
    #expect(plain.contains("\(shown)<"), "\(plain.prefix(3000))")
  }

  @Test("a corpus is surveyed: counts, sound and a clip of each emotion")
  func survey() async throws {
    for speaker in 1...3 {
      for (label, pitch) in [("calm", 120.0), ("angry", 240.0)] {
        try folder.add(
          "own/\(label)/\(speaker).wav",
          voice(pitch: pitch + 5 * Double(speaker), glide: 20, seconds: 0.8))
      }
    }
    try folder.add("own/angry/broken.wav", Array("this is no recording".utf8))
    let survey = try await CorpusSurvey(of: Corpus(at: folder.path + "/own"))
    #expect(survey.unreadable.map(\.path) == [folder.path + "/own/angry/broken.wav"])
    let line = try #require(
      survey.description.split(separator: "\n").last { $0.hasPrefix("angry") })
    let figures = line.split(separator: " ").compactMap { Double($0) }
    // seconds, pitch, range, level, centroid, voiced
    try #require(figures.count == 6)
    #expect(figures[0] == 0.8 && 245...270 ~= figures[1] && figures[2] < 3 && figures[5] > 0.8)

    let report = Report(survey)
    try report.write(html: folder.path + "/corpus.html")
    let images = images(try folder.text("corpus.html"))
    #expect(images.count == 3 + 6 + 1 + 2 && images.allSatisfy(isWhole))
    let pictures = folder.path + "/pictures"
    try FileManager.default.createDirectory(atPath: pictures, withIntermediateDirectories: true)
    try report.writePictures(to: pictures, as: .png)
    let names = try FileManager.default.contentsOfDirectory(atPath: pictures)
    #expect(names.count == images.count && names.contains("clip-angry.png"))
    #expect(try folder.bytes("pictures/projection.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }
}
