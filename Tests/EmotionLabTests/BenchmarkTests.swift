import EmotionModel
import Evaluation
import Foundation
import Testing

@Suite("emotion-lab benchmark")
struct BenchmarkTests {
  let folder: Workspace

  init() throws {
    folder = try Workspace()
    for speaker in 5...6 {
      for (label, rising) in [("calm", false), ("happy", true)] {
        for take in 1...2 {
          try folder.write(
            "own/\(label)/s\(speaker)/\(take).wav",
            Workspace.recording(rising: rising, speaker: speaker, take: take))
        }
      }
    }
    try folder.write("joint.json", Array(Self.folds.utf8))
  }

  private static let folds = """
    {"protocol": "halves of two corpora",
     "folds": [{"ravdess": [1, 2], "own": ["s5"]}, {"ravdess": [3, 4], "own": ["s6"]}]}
    """

  private func run(_ more: String..., interruptAt word: String? = nil) throws -> Run {
    try folder.run(
      [
        "benchmark", "ravdess", "own", "--folds", "joint.json", "--preset", "small.json",
        "--validation", "0", "--jobs", "1",
      ] + more, interruptAt: word)
  }

  private func result(_ path: String) throws -> BenchmarkResult {
    try JSONDecoder().decode(BenchmarkResult.self, from: Data(folder.read(path)))
  }

  @Test("prints a table of corpora never heard and one of unseen speakers, in every form")
  func tables() throws {
    let run = try run(
      "--epochs", "3", "--json", "b.json", "--markdown", "b.md", "--report", "b.html",
      "--pictures", "pictures")
    #expect(run.status == 0, "\(run.errors)")
    let text = run.output
    let (first, second) = (
      try #require(text.range(of: "Corpora never heard")),
      try #require(text.range(of: "Unseen speakers"))
    )
    #expect(first.lowerBound < second.lowerBound && !text.contains("Random split"))
    #expect(run.lines.count { $0.hasPrefix("mean of 2") } == 2)
    #expect(run.errors.contains("seed 1, fold 1: UAR own "), "\(run.errors)")
    #expect(run.errors.contains("3 of 4 trainings to go"))
    let result = try result("b.json")
    #expect(result.folds?.corpora.map(\.clips) == [8, 24] && result.temperature != nil)
    #expect(result.neverHeard?.corpora.map(\.corpus) == ["own", "ravdess"])
    #expect(String(decoding: try folder.read("b.md"), as: UTF8.self) == result.markdown)
    let page = String(decoding: try folder.read("b.html"), as: UTF8.self)
    #expect(page.contains("Confusion, never heard") && page.contains("Training"))
    #expect(folder.has("pictures/confusion-folds-ravdess-normalized.svg"))
  }

  @Test("can be interrupted and goes on, and measures degradations later without a training")
  func resuming() throws {
    let parts = ["--parts", "folds", "--epochs", "150"]
    let whole = try run(parts[0], parts[1], parts[2], parts[3], "--json", "whole.json")
    #expect(whole.status == 0, "\(whole.errors)")
    let cut = try run(
      parts[0], parts[1], parts[2], parts[3], "--results", "kept", "--json", "cut.json",
      interruptAt: "seed 1, fold 1")
    #expect(cut.status == 130 && cut.errors.contains("stopped after 1 of 2 trainings"))
    #expect(cut.output.isEmpty && !folder.has("cut.json"))
    let resumed = try run(
      parts[0], parts[1], parts[2], parts[3], "--results", "kept", "--json", "cut.json")
    #expect(resumed.status == 0 && resumed.output == whole.output, "\(resumed.errors)")
    #expect(resumed.errors.contains("known: seed 1, fold 1"))
    #expect(try folder.read("cut.json") == folder.read("whole.json"))

    let checkpoints = try networks()
    #expect(checkpoints.count == 2)
    let degraded = try run(
      "--parts", "folds,degradations", "--epochs", "150", "--results", "kept", "--json", "d.json")
    #expect(degraded.status == 0, "\(degraded.errors)")
    #expect(try networks() == checkpoints)
    let result = try result("d.json")
    #expect(result.folds == (try self.result("whole.json")).folds)
    #expect(result.degradations?.count == 10)
    #expect(result.degradations?[0].corpora.map(\.corpus) == ["own", "ravdess"])
    #expect(degraded.lines.contains { $0.hasPrefix("babble:10 ") })
  }

  /// The files of trained networks, and when each was written.
  private func networks() throws -> [String: Date] {
    let manager = FileManager.default
    let names = try manager.contentsOfDirectory(atPath: folder.root + "/kept").filter {
      $0.contains("checkpoint")
    }
    return try Dictionary(
      uniqueKeysWithValues: names.map { name in
        let attributes = try manager.attributesOfItem(atPath: folder.root + "/kept/" + name)
        return (name, try #require(attributes[.modificationDate] as? Date))
      })
  }

  @Test("finds figures and a temperature for the model that is then trained on everything")
  func annotation() throws {
    #expect(try run("--epochs", "3", "--json", "b.json").status == 0)
    let result = try result("b.json")
    let trained = try folder.run(
      "train", "ravdess", "own", "--preset", "small.json", "--epochs", "1", "--validation", "0",
      "--output", "m.st")
    #expect(trained.status == 0, "\(trained.errors)")
    let noted = try folder.run("annotate", "m.st", "--result", "b.json")
    #expect(noted.status == 0, "\(noted.errors)")
    let model = try ModelFile(bytes: folder.read("m.st"))
    #expect(model.calibration.temperature == result.temperature.map(Float.init))
    let metrics = model.provenance.metrics
    #expect(metrics["uar"] == result.folds?.mean.figures.uar)
    #expect(metrics["accuracy"] == result.folds?.mean.figures.accuracy)
    #expect(metrics["calibrationError"] == result.folds?.mean.figures.calibrationError)
    #expect(metrics["neverHeardUAR"] == result.neverHeard?.mean.figures.uar)
    #expect(
      metrics["neverHeardCalibrationError"] == result.neverHeard?.mean.figures.calibrationError)
    #expect(model.provenance.protocol?.contains("one seed") == true)

    try folder.write("other.json", Array(result.of(labels: ["calm", "sad"])))
    let other = try folder.run("annotate", "m.st", "--result", "other.json")
    #expect(other.status == 65 && other.errors.contains("calm, sad"), "\(other.errors)")
  }

  @Test("takes one fold, one corpus to train on, or a random split, which it marks")
  func choices() throws {
    let quick = try run("--parts", "folds", "--only-fold", "2", "--epochs", "1", "--json", "q.json")
    #expect(quick.status == 0 && quick.errors.contains("fold 2"), "\(quick.errors)")
    #expect(!quick.errors.contains("fold 1"))
    #expect(quick.output.contains("Probabilities are not calibrated."))
    #expect(try result("q.json").folds?.corpora.map(\.clips) == [4, 12])
    let one = try run("--train-on", "ravdess", "--epochs", "1", "--json", "one.json")
    #expect(one.status == 0, "\(one.errors)")
    #expect(try result("one.json").neverHeard?.corpora.map(\.corpus) == ["own"])
    #expect(try result("one.json").folds?.corpora.map(\.corpus) == ["ravdess"])
    let less = try run(
      "--parts", "folds", "--only-fold", "2", "--training-clips", "0.5", "--epochs", "1")
    #expect(less.status == 0 && less.errors.contains("fold 2, 0.5 of the clips"), "\(less.errors)")
    let leaky = try run("--parts", "random", "--epochs", "1")
    #expect(leaky.status == 0 && leaky.errors.contains("warning: the same speakers"))
    #expect(leaky.output.contains("Random split: speakers leak"))
  }

  @Test(
    "ends with the code that says what is missing or wrong, before it trains",
    arguments: [
      (["--folds", "none"], 66, "none"), (["--folds", "small.json"], 65, "small.json"),
      (
        ["--parts", "folds,rain"], 64,
        "some of folds,never-heard,degradations,voices,sentences,random"
      ),
      (["--parts", ""], 64, "--parts"), (["--parts", "voices"], 65, "--results"),
      (["--only-fold", "3"], 65, "no fold 3"),
      (["--training-speakers", "0"], 64, "--training-speakers"),
      (["--train-on", "emodb"], 65, "emodb"), (["--json", "no/folder/b.json"], 73, "b.json"),
      (["--markdown", "no/folder/b.md"], 73, "b.md"),
      (["--results", "small.json"], 66, "small.json"),
    ] as [([String], Int32, String)])
  func failures(arguments: [String], status: Int32, text: String) throws {
    let run = try folder.run(
      ["benchmark", "ravdess", "own", "--folds", "joint.json", "--preset", "small.json"]
        + arguments)
    #expect(run.status == status && run.errors.contains(text), "\(run.status) \(run.errors)")
    #expect(run.output.isEmpty && !run.errors.contains("seed 1"))
  }
}

extension BenchmarkResult {
  /// As JSON, of a model with other labels.
  fileprivate func of(labels: [String]) throws -> Data {
    try JSONEncoder().encode(
      BenchmarkResult(name: name, seeds: seeds, corpora: corpora, labels: labels, folds: folds))
  }
}
