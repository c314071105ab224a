import EmotionModel
import Foundation
import Testing

/// `version1.safetensors` is a weights file of format 1: five networks side by side (two of one kind, one of a chosen channel,
/// two over functionals), with statistics of the training part. The program that wrote it gave `docs/sample.wav` these answers.
@Suite("A weights file of format 1")
struct ConversionTests {
  private static let expected = ["calm": 0.9855084, "happy": 0.014491617]
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  private static let sample = folder.appending(path: "../../docs/sample.wav").standardized.path

  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    let old = Self.folder.appending(path: "Fixtures/version1.safetensors")
    try workspace.write("old.st", [UInt8](Data(contentsOf: old)))
  }

  private struct Answer: Decodable {
    let probabilities: [String: Double]
  }

  @Test("answers as before when it is converted, each of its networks a member")
  func converted() throws {
    let run = try workspace.run("convert", "old.st", "--output", "new.st")
    #expect(run.status == 0 && run.errors.contains("5 members"), "\(run.errors)")
    let model = try ModelFile(bytes: workspace.read("new.st"))
    #expect(
      model.members.map(\.name) == ["main-1", "main-2", "second", "statistics-1", "statistics-2"])
    let said = try workspace.run("predict", "--json", Self.sample, "--model", "new.st")
    let answer = try JSONDecoder().decode(Answer.self, from: Data(said.output.utf8))
    for (label, probability) in Self.expected {
      #expect(abs((answer.probabilities[label] ?? 0) - probability) < 1e-5, "\(label)")
    }
  }

  @Test("is refused with the remedy where a model is needed, and converted only once")
  func refused() throws {
    let said = try workspace.run("predict", Self.sample, "--model", "old.st")
    #expect(said.status == 65 && said.errors.contains("emotion-lab convert"), "\(said.errors)")
    #expect(try workspace.run("convert", "old.st", "--output", "new.st").status == 0)
    let twice = try workspace.run("convert", "new.st", "--output", "again.st")
    #expect(twice.status == 65 && twice.errors.contains("speech-emotion/2"), "\(twice.errors)")
    #expect(!workspace.has("again.st"))
  }

  @Test("that is damaged is refused, wherever the damage is")
  func damaged() throws {
    let whole = try workspace.read("old.st")
    for (part, other) in [
      (#"\"type\":\"parallel\""#, #"\"type\":\"paralell\""#), (#"\"planes\""#, #"\"plants\""#),
      ("own-member1-conv.bias", "own-member1-conv.bios"),
    ] {
      var bytes = whole
      let range = try #require(bytes.firstRange(of: Array(part.utf8)), "\(part)")
      bytes.replaceSubrange(range, with: Array(other.utf8))
      try workspace.write("bad.st", bytes)
      let run = try workspace.run("convert", "bad.st", "--output", "new.st")
      #expect(run.status == 65 && !workspace.has("new.st"), "\(part): \(run.errors)")
    }
  }
}
