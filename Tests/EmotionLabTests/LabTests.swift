import Augmentation
import EmotionModel
import Evaluation
import Experiments
import Foundation
import SafeTensors
import Testing

private struct Answer: Decodable {
  let file: String
  let emotion: String?
  let confidence: Float?
  let probabilities: [String: Float]
  let duration: Double
}

private struct Comparison: Decodable {
  struct Row: Decodable {
    struct Test: Decodable { let difference: Double }
    let seeds: Int
    let test: Test?
  }
  let rows: [Row]
}

@Suite("emotion-lab")
struct LabTests {
  let folder: Workspace

  init() throws { folder = try Workspace() }

  @Test(
    "explains each command",
    arguments: [
      "corpus", "explore", "train", "cross-validate", "benchmark", "evaluate", "compare", "predict",
      "presets",
      "model", "annotate", "download", "features", "import", "export",
    ])
  func help(command: String) throws {
    let run = try folder.run(command, "--help")
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(run.output.contains("Usage: emotion-lab \(command)"))
    #expect(try folder.run("--help").output.contains(command))
    let wrong = try folder.run(command, "--no-such-option")
    #expect(wrong.status == 64 && wrong.errors.contains("--no-such-option"))
  }

  @Test(
    "ends with the code that says what is missing or wrong, and names it",
    arguments: [
      (["train", "nowhere"], 66, "nowhere"), (["corpus", "nowhere"], 66, "nowhere"),
      (["evaluate", "ravdess", "--model", "none"], 66, "none"),
      (["predict", "clip.wav", "--model", "none"], 66, "none"),
      (["predict", "clip.wav", "--model", "folds.json"], 65, "folds.json"),
      (["train", "ravdess", "--preset", "none"], 66, "none"),
      (["train", "ravdess", "--preset", "folds.json"], 65, "folds.json: name is missing"),
      (["train", "ravdess", "--output", "/proc/model.safetensors"], 73, "/proc/model.safetensors"),
      (["train", "ravdess", "--output", "no/folder/m"], 73, "no/folder/m"),
      (
        ["train", "ravdess", "--exclude", "ravdess/09", "--preset", "small.json"], 65, "ravdess/09"
      ),
      (["train", "ravdess", "--sampling-rate", "nemo=0.5", "--preset", "small.json"], 65, "nemo"),
      (["train", "ravdess", "--sampling-rate", "nemo", "--preset", "small.json"], 64, "nemo"),
      (["train", "ravdess", "--cache", "small.json/cache", "--preset", "small.json"], 66, "cache"),
      (["cross-validate", "ravdess", "--folds", "none"], 66, "none"),
      (["cross-validate", "ravdess", "--folds", "small.json"], 65, "small.json"),
      (
        [
          "cross-validate", "ravdess", "--folds", "folds.json", "--only", "3", "--preset",
          "small.json",
        ], 65, "fold 3"
      ),
      (
        ["cross-validate", "ravdess", "--folds", "f", "--test-on", "x"], 64, "--folds and --test-on"
      ),
      (["cross-validate", "ravdess", "--train-on", "x"], 64, "--test-on"),
      (
        ["cross-validate", "ravdess", "--test-on", "emodb", "--preset", "small.json"], 65, "emodb"
      ),
      (["compare", "none.json"], 66, "none.json"),
      (["compare", "folds.json"], 65, "not a result that 'emotion-lab' wrote"),
      (["model", "none"], 66, "none"), (["model", "folds.json"], 65, "folds.json"),
      (["annotate", "none", "--result", "folds.json"], 66, "none"),
      (["presets", "show", "none"], 66, "none"),
      (["presets", "default"], 64, "show default"), (["presets", "show"], 64, "NAME"),
      (["evaluat"], 64, "evaluate"), ([], 64, "command"),
    ] as [([String], Int32, String)])
  func failures(arguments: [String], status: Int32, text: String) throws {
    let run = try folder.run(arguments)
    #expect(run.status == status && run.errors.contains(text), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test("names the option that a preset misspells")
  func misspeltOption() throws {
    let preset = String(decoding: try folder.read("small.json"), as: UTF8.self)
    try folder.write("bad.json", Array(preset.replacing("batchSize", with: "batchsize").utf8))
    let run = try folder.run("train", "ravdess", "--preset", "bad.json")
    #expect(run.status == 65)
    #expect(
      run.errors == "emotion-lab: bad.json: there is no option \"members[0].training.batchsize\"\n")
  }

  @Test("lists a corpus and its presets")
  func lists() throws {
    #expect(try folder.run("corpus", "ravdess").output.contains("happy"))
    #expect(try folder.run("presets").output.contains("default\t"))
    let shown = try folder.run("presets", "show", "small.json")
    try folder.write("again.json", Array(shown.output.utf8))
    #expect(try folder.run("presets", "show", "again.json").output == shown.output)
  }

  @Test(
    "trains every preset from its printed form and recognises with what came of it",
    arguments: Preset.builtIn.map(\.name))
  func presets(_ name: String) throws {
    let shown = try folder.run("presets", "show", name)
    try folder.write("preset.json", Array(shown.output.utf8))
    let trained = try folder.run(
      "train", "ravdess", "--preset", "preset.json", "--epochs", "1", "--output", "m.st")
    #expect(trained.status == 0, "\(trained.errors)")
    let model = try ModelFile(bytes: folder.read("m.st"))
    let clip = "ravdess/Actor_04/03-01-03-01-01-01-04.wav"
    let run = try folder.run("predict", "--json", clip, "--model", "m.st")
    #expect(run.status == 0, "\(run.errors)")
    let answer = try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
    #expect(Set(answer.probabilities.keys) == Set(model.labels))
    #expect(abs(answer.probabilities.values.reduce(0, +) - 1) < 1e-4)
    #expect(
      model.members.allSatisfy { !$0.features.contains(#""normalization":{"rule":"fixed"}"#) })
  }

  @Test("trains, evaluates and predicts")
  func wholeWay() throws {
    let trained = try folder.run(
      "train", "ravdess", "--preset", "small.json", "--validation", "0.25", "--output", "m.st",
      "--exclude", "ravdess/04")
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(trained.errors.contains("24 clips of 4 speakers"))
    #expect(trained.errors.contains("epoch 12/12") && trained.errors.contains("wrote m.st"))
    #expect(!folder.has("m.st.checkpoint.main"))
    let model = try ModelFile(bytes: folder.read("m.st"))
    #expect(model.labels == ["calm", "happy"] && model.name == "small")
    #expect(model.provenance.speakers.count == 2 && model.provenance.corpora == ["ravdess"])

    let measured = try folder.run(
      "evaluate", "ravdess", "--model", "m.st", "--output", "result.json")
    #expect(measured.status == 0 && measured.output.contains("happy"))
    #expect(measured.errors.contains("trained on 2 of these speakers"))
    #expect(folder.has("result.json"))
    #expect(try folder.run("annotate", "m.st", "--result", "result.json").status == 0)
    let told = try folder.run("model", "m.st")
    #expect(
      told.status == 0 && told.output.contains("ravdess") && told.output.contains("MFLOP")
        && told.output.contains("uar"))
    let stranger = try folder.run(
      "evaluate", "ravdess", "--model", "m.st", "--speaker", "ravdess/04")
    #expect(stranger.status == 0 && !stranger.errors.contains("warning"))
    #expect(
      try folder.run("evaluate", "ravdess", "--model", "m.st", "--speaker", "ravdess/9").status
        == 65)

    let clip = "ravdess/Actor_04/03-01-03-01-01-01-04.wav"
    let speech = Workspace.speech
    let lines = try folder.run("predict", speech, clip, "--model", "m.st")
    let fields = lines.lines[0].split(separator: "\t")
    #expect(lines.status == 0 && fields.count == 3 && fields[0] == speech)
    #expect(model.labels.contains(String(fields[1])) && 0.5...1 ~= Double(fields[2]) ?? 0)
    // A tone that glides far above a voice.
    #expect(lines.lines[1] == "\(clip)\tno speech\t-")

    let several = try folder.run(
      "predict", "--json", speech, "none.wav", clip, "--model", "m.st")
    #expect(several.status == 65 && several.errors.contains("none.wav: no such file"))
    #expect(several.lines.count == 2)
    let answer = try JSONDecoder().decode(Answer.self, from: Data(several.lines[0].utf8))
    let emotion = try #require(answer.emotion)
    #expect(answer.file == speech && emotion == String(fields[1]))
    #expect(answer.probabilities.keys.sorted() == ["calm", "happy"])
    #expect(answer.probabilities[emotion] == answer.confidence)
    #expect(abs(answer.duration - 3.15) < 0.01)
    #expect(several.lines[1].contains(#""confidence":null,"#))
    let silent = try JSONDecoder().decode(Answer.self, from: Data(several.lines[1].utf8))
    #expect(silent.file == clip && silent.emotion == nil && silent.confidence == nil)
    #expect(silent.probabilities.count == 2)
  }

  @Test("cross-validates on fixed folds")
  func crossValidation() throws {
    let run = try folder.run(
      "cross-validate", "ravdess", "--folds", "folds.json", "--preset", "small.json",
      "--validation",
      "0.4", "--seeds", "2", "--output", "result.json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.components(separatedBy: "best epoch").count == 5)
    #expect(run.output.contains("mean of seeds: UAR"))
    // What a second run on the same cache says, training side by side or not, is the same.
    let again = try folder.run(
      "cross-validate", "ravdess", "--folds", "folds.json", "--preset", "small.json",
      "--validation",
      "0.4", "--seeds", "2", "--output", "again.json", "--jobs", "1")
    #expect(again.output == run.output)
    #expect(try folder.read("again.json") == folder.read("result.json"))
    let second = try folder.run(
      "cross-validate", "ravdess", "--folds", "folds.json", "--preset", "small.json",
      "--validation", "0.4", "--first-seed", "2", "--output", "second.json")
    #expect(second.status == 0, "\(second.errors)")
    #expect(try outcomes(of: "second.json") == outcomes(of: "result.json").filter { $0.seed == 2 })
    let table = try folder.run("compare", "result.json", "again.json")
    #expect(table.status == 0 && table.output.contains("small (again.json)  "))
    #expect(table.output.contains("0.000") && table.output.contains("1.000"))
    let json = try folder.run("compare", "--format", "json", "result.json", "again.json")
    let comparison = try JSONDecoder().decode(Comparison.self, from: Data(json.output.utf8))
    #expect(comparison.rows.map(\.seeds) == [2, 2])
    #expect(comparison.rows[1].test?.difference == 0)
    let leaky = try folder.run(
      "cross-validate", "ravdess", "--protocol", "random", "--preset", "small.json", "--epochs", "1"
    )
    #expect(leaky.status == 0 && leaky.errors.contains("warning: the same speakers"))
  }

  @Test(
    "pipes, devices, links to themselves, empty and huge files are left out, each with its reason")
  func hostileFiles() throws {
    for speaker in 1...2 {
      for (label, rising) in [("calm", false), ("happy", true)] {
        try folder.write(
          "hostile/\(label)/\(speaker).wav",
          Workspace.recording(rising: rising, speaker: speaker, take: 1))
      }
    }
    let root = folder.root + "/hostile/happy"
    try folder.write("hostile/happy/empty.wav", [])
    try folder.write("hostile/happy/text\u{1B}[2J.wav", Array("no sound".utf8))
    #expect(unsafe mkfifo(root + "/pipe.wav", 0o600) == 0)
    for (name, target) in [("zero.wav", "/dev/zero"), ("self.wav", "self.wav"), ("up", "..")] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/\(name)", withDestinationPath: target)
    }
    try folder.write("hostile/happy/huge.wav", [0x52])
    let huge = try FileHandle(forWritingTo: URL(filePath: root + "/huge.wav"))
    try huge.truncate(atOffset: 3 << 30)
    try huge.close()
    let explored = try folder.run("explore", "hostile")
    #expect(explored.status == 0, "\(explored.errors)")
    for reason in [
      "pipe.wav: not a regular file", "zero.wav: not a regular file", "empty.wav: no bytes",
      "huge.wav: 3221225472 bytes", #"text\u{1B}[2J.wav: not an audio file"#,
    ] {
      #expect(explored.errors.contains(reason), "\(reason): \(explored.errors)")
    }
    #expect(!(explored.errors + explored.output).contains("\u{1B}"))
    #expect(try folder.run("corpus", "hostile").output.contains("self.wav: no such file"))
    for name in ["pipe.wav", "zero.wav", "huge.wav", "empty.wav"] {
      #expect(try folder.run("corpus", "hostile/happy/\(name)").status != 0)
    }
  }

  @Test(
    "folds and presets may have lines as on any system, and begin with a byte order mark",
    arguments: ["\r\n", "\n", " \r\n"], ["", "\u{FEFF}"])
  func lineEnds(end: String, start: String) throws {
    func rewrite(_ name: String) throws {
      let text = String(decoding: try folder.read(name), as: UTF8.self)
        .replacing("{", with: "{\n").replacing("\n", with: end)
      try folder.write(name, Array((start + text + end).utf8))
    }
    try rewrite("folds.json")
    try rewrite("small.json")
    let run = try folder.run(
      "cross-validate", "ravdess", "--preset", "small.json", "--folds", "folds.json", "--epochs",
      "1")
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test("keeps folds, and goes on where Ctrl-C stopped it")
  func keptFolds() throws {
    func validate(_ output: String, _ more: [String] = [], interruptAt word: String? = nil) throws
      -> Run
    {
      try folder.run(
        [
          "cross-validate", "ravdess", "--folds", "folds.json", "--preset", "small.json",
          "--validation", "0.4", "--jobs", "1", "--degradation", "telephone", "--output", output,
          "--epochs", "400",
        ] + more, interruptAt: word)
    }
    let whole = try validate("whole.json")
    #expect(whole.status == 0, "\(whole.errors)")
    let keep = ["--keep", "kept/folds"]
    let cut = try validate("cut.json", keep, interruptAt: "seed 1, fold 1")
    #expect(cut.status == 130 && cut.errors.contains("of 1 of 2 folds; the same command goes on"))
    #expect(
      try JSONDecoder().decode(EvaluationResult.self, from: Data(folder.read("cut.json"))).protocol
        .hasSuffix("stopped after 1 of 2"))
    let resumed = try validate("cut.json", keep)
    #expect(resumed.status == 0 && resumed.output == whole.output)
    #expect(resumed.errors.contains("known: seed 1, fold 1"))
    #expect(resumed.errors.contains("\nseed 1, fold 2"))
    #expect(try folder.read("cut.json") == folder.read("whole.json"))

    // What is kept says nothing of other trainings, and nothing when it is damaged.
    let other = try validate("other.json", keep + ["--learning-rate", "0.1"])
    #expect(other.status == 0 && !other.errors.contains("known"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.root + "/kept/folds")
    #expect(names.count == 4)
    for name in names {
      let path = "kept/folds/" + name
      try folder.write(path, Array(folder.read(path).dropLast(3)))
    }
    let again = try validate("again.json", keep)
    #expect(again.status == 0 && !again.errors.contains("known"))
    #expect(try folder.read("again.json") == folder.read("whole.json"))
    let nowhere = try validate("none.json", ["--keep", "small.json"])
    #expect(nowhere.status != 0 && nowhere.errors.contains("small.json"))
  }

  private func outcomes(of path: String) throws -> [ClipResult] {
    try JSONDecoder().decode(EvaluationResult.self, from: Data(folder.read(path))).outcomes
  }

  @Test("measures under degradations when asked to")
  func degradations() throws {
    let run = try folder.run(
      "cross-validate", "ravdess", "--folds", "folds.json", "--preset", "small.json",
      "--validation", "0.4", "--epochs", "1", "--degradation", "telephone", "--degradation",
      "babble:10",
      "--output", "result.json")
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n").map(String.init)
    for name in ["as recorded", "telephone", "babble:10"] {
      #expect(lines.contains { $0.hasPrefix(name) })
    }
    let result = try JSONDecoder().decode(
      EvaluationResult.self, from: Data(folder.read("result.json")))
    #expect(result.degradations?.map(\.degradation) == [.telephone, .babble(10)])
    #expect(result.degradations?.allSatisfy { $0.clips == result.report.clips } ?? false)
    let wrong = try folder.run("cross-validate", "ravdess", "--degradation", "rain")
    #expect(wrong.status == 64 && wrong.errors.contains("telephone, mp3:KBITS"))
  }

  @Test("leaves out, by name and before it trains, what has no features under a degradation")
  func inaudibleUnderCondition() throws {
    let quiet = "ravdess/Actor_01/03-01-02-01-02-01-01.wav"
    try folder.write(
      quiet, Workspace.recording(rising: false, speaker: 1, take: 1, amplitude: 0.003))
    let run = try folder.run(
      "cross-validate", "ravdess", "--folds", "folds.json", "--preset", "small.json",
      "--validation", "0.4", "--epochs", "1", "--degradation", "gain:-60", "--output", "result.json"
    )
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.errors.split(separator: "\n")
    let place = lines.firstIndex { $0.hasPrefix("left out, because of a degradation: \(quiet)") }
    let trained = lines.firstIndex { $0.hasPrefix("seed 1") }
    #expect(try #require(place) < #require(trained))
    let result = try JSONDecoder().decode(
      EvaluationResult.self, from: Data(folder.read("result.json")))
    #expect(result.report.clips == 24 && result.degradations?.first?.clips == 24)
    let silent = try folder.run(
      "cross-validate", "ravdess", "--folds", "folds.json", "--preset", "small.json",
      "--validation", "0.4", "--epochs", "1", "--degradation", "gain:-100")
    #expect(silent.status == 65 && silent.errors.contains("fold 1: no clip to test"))
    #expect(!silent.errors.contains("seed 1"))
  }

  @Test("takes a network from elsewhere, and hands it on")
  func exchange() throws {
    let train = ["train", "ravdess", "--preset", "small.json", "--epochs", "1", "--output", "m.st"]
    #expect(try folder.run(train).status == 0)
    let trained = try ModelFile(bytes: folder.read("m.st"))
    let state = TensorFile(
      tensors: trained.members[0].weights.tensors(of: trained.members[0].network).map {
        ("net." + $0.name, $0.tensor)
      })
    try state.write(to: folder.root + "/state.st")
    let imported = try folder.run(
      "import", "state.st", "--preset", "small.json", "--prefix", "net.", "--output", "again.st",
      "--temperature", "\(trained.calibration.temperature)")
    #expect(imported.status == 0, "\(imported.errors)")
    #expect(
      try ModelFile(bytes: folder.read("again.st")).members[0].weights == trained.members[0].weights
    )
    let clip = "ravdess/Actor_04/03-01-03-01-01-01-04.wav"
    let answers = try ["m.st", "again.st"].map { try folder.run("predict", clip, "--model", $0) }
    #expect(answers[0].status == 0 && answers[0].output == answers[1].output)

    let foreign = try folder.run("import", "state.st", "--preset", "small.json")
    #expect(foreign.status == 65 && foreign.errors.contains("net.conv"), "\(foreign.errors)")
    #expect(try folder.run("import", "none.st", "--preset", "small.json").status == 66)
    #expect(try folder.run("export", "m.st", "--onnx", "m.onnx").status == 0)
    #expect(String(decoding: try folder.read("m.onnx"), as: UTF8.self).contains("calm,happy"))
    let seen = try folder.run("features", clip, "--model", "m.st", "--output", "f.st")
    #expect(seen.status == 0, "\(seen.errors)")
    let features = try TensorFile(bytes: folder.read("f.st"))["features"]
    #expect(features?.shape.prefix(3) == [1, 1, 8] && features?.shape.last ?? 0 > 10)
    let deaf = try folder.run("features", "folds.json", "--model", "m.st", "--output", "f.st")
    #expect(deaf.status == 65 && deaf.errors.contains("folds.json"))
  }

  @Test("shows what it found as pages and pictures")
  func reports() throws {
    let explored = try folder.run(
      "explore", "ravdess", "--report", "corpus.html", "--pictures", "figures")
    #expect(explored.status == 0 && explored.output.contains("pitch Hz"), "\(explored.errors)")
    #expect(folder.has("figures/emotions.svg") && folder.has("figures/clip-happy.svg"))
    let trained = try folder.run(
      "train", "ravdess", "--preset", "small.json", "--validation", "0.25", "--output", "m.st",
      "--report", "training.html")
    #expect(trained.status == 0, "\(trained.errors)")
    let measured = try folder.run(
      "evaluate", "ravdess", "--model", "m.st", "--pictures", "shown", "--picture-format", "png")
    #expect(measured.status == 0, "\(measured.errors)")
    #expect(folder.has("shown/confusion.png") && folder.has("shown/attention-1.png"))
    let folds = try folder.run(
      "cross-validate", "ravdess", "--folds", "folds.json", "--preset", "small.json", "--epochs",
      "2", "--report", "folds.html")
    #expect(folds.status == 0, "\(folds.errors)")
    for (page, heading) in [
      ("corpus.html", "How the emotions sound"), ("training.html", "Attention over time"),
      ("folds.html", "Worst-confused clips"),
    ] {
      #expect(String(decoding: try folder.read(page), as: UTF8.self).contains(heading))
    }
  }

  @Test("says before the work that it cannot draw or write")
  func noReports() throws {
    let blind = try folder.run(
      ["explore", "ravdess", "--report", "corpus.html"], path: "/nonexistent")
    #expect(blind.status == 69 && blind.errors.contains("gnuplot-nox"))
    #expect(!folder.has("corpus.html") && blind.output.isEmpty)
    let nowhere = try folder.run("explore", "ravdess", "--report", "no/folder/corpus.html")
    #expect(nowhere.status == 73 && nowhere.output.isEmpty)
  }

  @Test("trains on one corpus and tests on another, and on each speaker in turn")
  func otherProtocols() throws {
    for speaker in 1...2 {
      for (letter, take) in [("F", "a"), ("N", "b")] {
        let from =
          "ravdess/Actor_0\(speaker)/03-01-0\(letter == "F" ? 3 : 2)-01-01-01-0\(speaker).wav"
        try folder.write(
          "own/\(letter == "F" ? "happy" : "calm")/\(speaker)\(take).wav", folder.read(from))
      }
    }
    let across = try folder.run(
      "cross-validate", "ravdess", "own", "--test-on", "own", "--preset", "small.json",
      "--epochs", "2", "--output", "across.json")
    #expect(across.status == 0, "\(across.errors)")
    #expect(across.output.hasPrefix("4 clips of 1 speakers\n"))
    #expect(
      try folder.run("compare", "across.json").output.contains("trained on ravdess, tested on own"))
    let each = try folder.run(
      "cross-validate", "ravdess", "--protocol", "leave-one-out", "--preset", "small.json",
      "--epochs", "2")
    #expect(each.status == 0 && each.output.contains("mean of 4 folds"))
  }

  @Test("keeps the best weights when Ctrl-C comes, and goes on exactly where it stopped")
  func interruption() throws {
    func train(_ output: String, _ more: [String] = [], interruptAt word: String? = nil) throws
      -> Run
    {
      try folder.run(
        ["train", "ravdess", "--preset", "small.json", "--epochs", "150", "--validation", "0.25"]
          + ["--output", output] + more, interruptAt: word)
    }
    let stopped = try train("cut.st", interruptAt: "epoch 3/150")
    #expect(stopped.status == 130 && stopped.errors.contains("--resume goes on"))
    #expect(!stopped.errors.contains("epoch 150/150"))
    #expect(folder.has("cut.st.checkpoint.main"))
    let kept = try folder.run(
      "predict", "ravdess/Actor_01/03-01-02-01-01-01-01.wav", "--model", "cut.st")
    #expect(kept.status == 0)

    let resumed = try train("cut.st", ["--resume"])
    #expect(resumed.status == 0 && !resumed.errors.contains("epoch 1/150"))
    #expect(!folder.has("cut.st.checkpoint.main"))
    #expect(try train("whole.st").status == 0)
    let models = try ["cut.st", "whole.st"].map { try ModelFile(bytes: folder.read($0)) }
    #expect(models[0].members.map(\.weights) == models[1].members.map(\.weights))
    #expect(models[0].calibration == models[1].calibration)
  }

  @Test("refuses to go on from a checkpoint of another training")
  func otherCheckpoint() throws {
    let arguments = ["train", "ravdess", "--preset", "small.json", "--output", "m.st"]
    let stopped = try folder.run(
      arguments + ["--epochs", "150", "--validation", "0.25"], interruptAt: "epoch 1/150")
    #expect(stopped.status == 130)
    let other = try folder.run(arguments + ["--epochs", "149", "--validation", "0.25", "--resume"])
    #expect(other.status == 65 && other.errors.contains("another network, other options"))
    try folder.write(
      "m.st.checkpoint.main", Array(folder.read("m.st.checkpoint.main").dropLast(9)))
    let damaged = try folder.run(arguments + ["--epochs", "150", "--resume"])
    #expect(damaged.status == 65 && damaged.errors.contains("damaged"))
  }
}
