import AudioIO
import Corpora
import FileIO
import Foundation
import Testing
import TrainingTestSupport

@Suite("A corpus on disk")
struct CorpusTests {
  @Test("files of every format are clips", arguments: AudioContainer.allCases)
  func formats(container: AudioContainer) throws {
    for name in container.extensions.flatMap({ [$0, $0.uppercased()] }) {
      let tree = try TestTree(["Actor_02/03-01-08-02-01-02-02.\(name)"])
      #expect(try Corpus(at: tree.root).clips.count == 1, "\(name)")
    }
  }

  @Test(
    "a published file name tells what it holds",
    arguments: [
      (
        "Actor_02/03-01-08-02-01-02-02.wav",
        Clip(
          path: "", corpus: "ravdess", speaker: "02", sex: .female, label: "surprised",
          intensity: .strong, sentence: "01")
      ),
      (
        "ravdess/03-01-01-01-02-01-23.flac",
        Clip(
          path: "", corpus: "ravdess", speaker: "23", sex: .male, label: "neutral",
          intensity: .normal, sentence: "02")
      ),
      (
        "OAF_Pleasant_surprise/OAF_back_ps.wav",
        Clip(
          path: "", corpus: "tess", speaker: "OAF", sex: .female, label: "surprised",
          sentence: "back")
      ),
      (
        "OAF_neutral/OA_bite_neutral.wav",
        Clip(
          path: "", corpus: "tess", speaker: "OAF", sex: .female, label: "neutral",
          sentence: "bite")
      ),
      (
        "YAF_fear/YAF_dog_fear.WAV",
        Clip(
          path: "", corpus: "tess", speaker: "YAF", sex: .female, label: "fearful",
          sentence: "dog")
      ),
      (
        "AudioWAV/1001_DFA_ANG_XX.wav",
        Clip(path: "", corpus: "crema-d", speaker: "1001", label: "angry", sentence: "DFA")
      ),
      (
        "AudioMP3/1091_IEO_SAD_HI.mp3",
        Clip(
          path: "", corpus: "crema-d", speaker: "1091", label: "sad", intensity: .high,
          sentence: "IEO")
      ),
      (
        "AudioWAV/1040_ITH_SAD_X.wav",
        Clip(path: "", corpus: "crema-d", speaker: "1040", label: "sad", sentence: "ITH")
      ),
      (
        "DC_su15.wav",
        Clip(path: "", corpus: "savee", speaker: "DC", sex: .male, label: "surprised")
      ),
      (
        "AudioData/KL/sa03.wav",
        Clip(path: "", corpus: "savee", speaker: "KL", sex: .male, label: "sad")
      ),
      (
        "wav/03a01Fa.wav",
        Clip(
          path: "", corpus: "emodb", speaker: "03", sex: .male, label: "happy", sentence: "a01")
      ),
      (
        "wav/16b10Lb.flac",
        Clip(
          path: "", corpus: "emodb", speaker: "16", sex: .female, label: "boredom",
          sentence: "b10")
      ),
      (
        "samples/IC0_sadness_12.opus",
        Clip(path: "", corpus: "nemo", speaker: "IC0", label: "sad", sentence: "12")
      ),
    ])
  func published(file: String, expected: Clip) throws {
    let tree = try TestTree([file])
    let corpus = try Corpus(at: tree.root)
    let expected = Clip(
      path: tree.path(file), corpus: expected.corpus,
      speaker: String(expected.speaker.dropFirst(expected.corpus.count + 1)), sex: expected.sex,
      label: expected.label, intensity: expected.intensity, sentence: expected.sentence)
    #expect(corpus.clips == [expected])
    #expect(corpus.skipped.isEmpty)
  }

  @Test("every published layout is read whole")
  func wholeLayouts() throws {
    let emotions = ["angry", "disgust", "fear", "happy", "neutral", "ps", "sad"]
    let folders = ["angry", "disgust", "Fear", "happy", "neutral", "Pleasant_surprise", "Sad"]
    let tess = zip(emotions, folders).flatMap { emotion, folder in
      ["OAF", "YAF"].flatMap { who in
        ["back", "bar"].map { "\(who)_\(folder)/\(who)_\($0)_\(emotion).wav" }
      }
    }
    let crema = ["ANG", "DIS", "FEA", "HAP", "NEU", "SAD"].flatMap { emotion in
      (1001...1004).map { "AudioWAV/\($0)_DFA_\(emotion)_XX.wav" }
    }
    let savee = ["a", "d", "f", "h", "n", "sa", "su"].flatMap { emotion in
      ["DC", "JE", "JK", "KL"].map { "\($0)/\(emotion)01.wav" }
    }
    let tree = try TestTree(tess + crema + savee)
    let corpus = try Corpus(at: tree.root)
    #expect(corpus.skipped.isEmpty)
    let clips = Dictionary(grouping: corpus.clips, by: \.corpus)
    #expect(clips.mapValues(\.count) == ["tess": 28, "crema-d": 24, "savee": 28])
    let seven = ["neutral", "happy", "sad", "angry", "fearful", "disgust", "surprised"]
    #expect(LabelSet.own(of: clips["tess"] ?? []).labels == seven)
    #expect(LabelSet.own(of: clips["crema-d"] ?? []).labels == seven.dropLast())
    #expect(LabelSet.own(of: clips["savee"] ?? []).labels == seven)
  }

  @Test("what is no clip is named with its reason")
  func skipped() throws {
    let tree = try TestTree([
      "a/03-01-05-01-01-01-01.wav", "b/03-01-05-01-01-01-01.flac", "03-02-05-01-01-01-01.wav",
      "03-01-09-01-01-01-01.wav", "holiday.mp3", "notes.txt", "._03-01-05-01-01-01-03.wav",
      "__MACOSX/03-01-05-01-01-01-03.wav",
    ])
    let corpus = try Corpus(at: tree.root)
    #expect(corpus.clips.map(\.path) == [tree.path("a/03-01-05-01-01-01-01.wav")])
    #expect(
      Set(corpus.skipped.map { "\($0.path.dropFirst(tree.root.count + 1)): \($0.reason)" }) == [
        "b/03-01-05-01-01-01-01.flac: same clip as \(tree.path("a/03-01-05-01-01-01-01.wav"))",
        "03-02-05-01-01-01-01.wav: song, not speech",
        "03-01-09-01-01-01-01.wav: name of no known layout",
        "holiday.mp3: name of no known layout",
      ])
  }

  @Test("sex comes from the table that a corpus has beside its recordings")
  func tables() throws {
    let tree = try TestTree(["AudioWAV/1001_DFA_ANG_XX.wav", "nemo/samples/KS0_anger_1.opus"])
    try tree.add("VideoDemographics.csv", "ActorID,Age,Sex,Race\r\n1001,51,Male,Caucasian\r\n")
    try tree.add("nemo/data.tsv", "file_id\tspeaker_id\tgender\nx\t  KS0\tmale\n")
    let sexes = try Corpus(at: tree.root).clips.map(\.sex)
    #expect(sexes == [.male, .male])
  }

  @Test("what listeners voted comes from the table that a corpus has beside its recordings")
  func votes() throws {
    let tree = try TestTree([
      "AudioWAV/1001_DFA_ANG_XX.wav", "AudioWAV/1001_IEO_HAP_LO.wav",
      "AudioWAV/1001_TIE_SAD_XX.wav",
    ])
    try tree.add(
      "votes-audio.csv",
      "clip,angry,disgust,happy,ratings\n1001_DFA_ANG_XX,6,2,0,8\n1001_IEO_HAP_LO,0,0,0,0\n")
    let votes = try Corpus(at: tree.root).clips.map(\.votes)
    #expect(votes == [["angry": 0.75, "disgust": 0.25], nil, nil])
  }

  @Test("folders may be emotions, with speakers above or below")
  func folders() throws {
    let tree = try TestTree([
      "Anger/1.wav", "happiness/anna/1.ogg", "bert/Fear/1.wav", "bored/1.wav", "stray.wav",
    ])
    let corpus = try Corpus(at: tree.root)
    let name = URL(filePath: tree.root).lastPathComponent
    #expect(corpus.clips.map(\.label) == ["angry", "fearful", "bored", "happy"])
    #expect(
      corpus.clips.map(\.speaker)
        == ["unknown", "bert", "unknown", "anna"].map { "\(name)/\($0)" })
    #expect(corpus.skipped == [.init(path: tree.path("stray.wav"), reason: .noEmotion)])
    #expect(
      LabelSet.own(of: corpus.clips).labels == ["happy", "angry", "fearful", "bored"])
  }

  @Test("several paths are one corpus: same clips once, same names apart")
  func severalPaths() throws {
    let tree = try TestTree([
      "x/clips/angry/anna/1.wav", "y/clips/angry/anna/1.wav", "a/03-01-05-01-01-01-01.wav",
      "b/03-01-05-01-01-01-01.wav",
    ])
    let corpus = try Corpus(at: ["x/clips", "y/clips", "a", "b"].map(tree.path))
    #expect(
      corpus.clips.map(\.speaker) == ["clips/anna", "clips-2/anna", "ravdess/01"])
    #expect(corpus.skipped.count == 1)
    let summary = CorpusSummary(clips: corpus.clips, skipped: corpus.skipped)
    #expect(summary.corpora["ravdess"]?.sexes == ["male": 1])
    #expect(summary.description.contains("angry        1        1        1\n"))
    #expect(summary.description.contains("1 files skipped"))
  }

  @Test("a link to the folder above ends")
  func links() throws {
    let tree = try TestTree(["angry/1.wav"])
    try FileManager.default.createSymbolicLink(
      atPath: tree.path("angry/loop"), withDestinationPath: "..")
    #expect(try Corpus(at: tree.root).clips.count == 1)
  }

  @Test("what cannot be looked into is named, and the rest is found")
  func hostileNames() throws {
    let tree = try TestTree([
      "angry/1.wav", "angry/new\nline.wav", "angry/\u{1B}[31m.wav", "angry/\u{202E}vaw.wav",
      "angry/\(String(repeating: "x", count: 251)).wav",
    ])
    let files = FileManager.default
    for (name, target) in [("loop", "loop"), ("loop.wav", "loop.wav"), ("gone.wav", "nowhere")] {
      try files.createSymbolicLink(atPath: tree.path(name), withDestinationPath: target)
    }
    // Deep links to all that is above, and to each other.
    for name in ["a", "b"] {
      try files.createSymbolicLink(
        atPath: tree.path("angry/\(name)"), withDestinationPath: "../angry")
    }
    try addFile(named: Array("\(tree.root)/angry/bad".utf8) + [0xFF] + Array(".wav".utf8))
    let corpus = try Corpus(at: tree.root)
    #expect(corpus.clips.count == 5)
    #expect(
      corpus.skipped.map { "\($0.path.dropFirst(tree.root.count + 1)): \($0.reason)" } == [
        "angry/bad\u{FFFD}.wav: its name is not UTF-8", "gone.wav: no such file",
        "loop.wav: no such file",
      ])
    let summary = CorpusSummary(clips: corpus.clips, skipped: corpus.skipped).description
    #expect(summary.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 32 })
  }

  @Test("a path is shown on one line, without what a terminal or a reader would obey")
  func shownPaths() {
    #expect(shown("a/wütend 1.wav") == "a/wütend 1.wav")
    #expect(shown("a\nb\u{1B}[2J\u{202E}\u{9B}\0") == #"a\nb\u{1B}[2J\u{202E}\u{009B}\0"#)
    #expect(
      "\(FileError(path: "a\nb", reason: .notFound))" == #"a\nb: no such file or folder"#)
  }

  @Test("a table of separators alone is refused before it fills the memory")
  func wideTables() throws {
    let tree = try TestTree([])
    try tree.add("wide.csv", "path,emotion" + String(repeating: ",", count: 1_000_000))
    #expect(throws: CorpusError.tooManyColumns(path: tree.path("wide.csv"), line: 1)) {
      try Corpus(at: tree.path("wide.csv"))
    }
    try tree.add("row.tsv", "path\temotion\nx" + String(repeating: "\t", count: 1_000_000))
    #expect(throws: CorpusError.tooManyColumns(path: tree.path("row.tsv"), line: 2)) {
      try Corpus(at: tree.path("row.tsv"))
    }
    try tree.add("long.csv", "path,emotion\n" + String(repeating: "x\n", count: 1_000_001))
    #expect(throws: CorpusError.tooManyRows(path: tree.path("long.csv"))) {
      try Corpus(at: tree.path("long.csv"))
    }
  }

  @Test(
    "a manifest's lines may end as on any system, and begin with a byte order mark",
    arguments: ["\r\n", "\n", "\r", "  \r\n"], ["csv", "tsv"])
  func lineEnds(end: String, kind: String) throws {
    let tree = try TestTree(["1.wav", "2.wav"])
    for (start, last) in [("", ""), ("\u{FEFF}", end)] {
      let lines = ["path,emotion", "1.wav,sad", "2.wav,angry"].joined(separator: end)
      let text = kind == "tsv" ? lines.replacing(",", with: "\t") : lines
      try tree.add("m.\(kind)", start + text + last)
      #expect(try Corpus(at: tree.path("m.\(kind)")).clips.map(\.label) == ["sad", "angry"])
    }
  }

  @Test("a manifest says what is where")
  func manifest() throws {
    let tree = try TestTree(["clips/a, b.wav", "c.wav"])
    let manifest = """
      \u{FEFF}Path,Emotion,speaker,sex,intensity,sentence
      "clips/a, b.wav",Joy,anna,F,strong,"He said ""now""\u{2026}
      and left"
      c.wav,bored,,,,

      missing.wav,sad,anna,,,
      ,sad,,,,
      c.wav,sad,,,,
      """
    try tree.add("own.csv", manifest.replacingOccurrences(of: "\n", with: "\r\n"))
    let corpus = try Corpus(at: tree.path("own.csv"))
    #expect(
      corpus.clips == [
        Clip(
          path: tree.path("clips/a, b.wav"), corpus: "own", speaker: "anna", sex: .female,
          label: "happy", intensity: .strong, sentence: "He said \"now\"…\r\nand left"),
        Clip(path: tree.path("c.wav"), corpus: "own", speaker: nil, label: "bored"),
      ])
    #expect(
      corpus.skipped.map(\.reason) == [
        .missingFile, .incompleteRow(line: 7), .duplicate(of: tree.path("c.wav")),
      ])
  }

  @Test(
    "a broken manifest is refused with the place",
    arguments: [
      ("path,emotion\n\"a,b", 2), ("path,emotion\na,\"b\" c\n", 2), ("\"", 1),
      ("path,emotion\n\"a\nb\",x\n\"", 4),
    ])
  func quoting(text: String, line: Int) throws {
    let tree = try TestTree([])
    try tree.add("m.csv", text)
    #expect(throws: CorpusError.quoting(path: tree.path("m.csv"), line: line)) {
      try Corpus(at: tree.path("m.csv"))
    }
  }

  @Test("nothing usable is an error")
  func nothing() throws {
    let tree = try TestTree(["notes.txt", "x.wav"])
    try tree.add("no.csv", "path,feeling\n")
    try tree.add("empty.csv", "path,emotion\n")
    let skipped = SkippedFile(path: tree.path("x.wav"), reason: .noEmotion)
    #expect(throws: CorpusError.noUsableFile(path: tree.root, skipped: [skipped])) {
      try Corpus(at: tree.root)
    }
    #expect(throws: CorpusError.notFound(path: "/nowhere")) { try Corpus(at: "/nowhere") }
    #expect(throws: CorpusError.missingColumn(path: tree.path("no.csv"), column: "emotion")) {
      try Corpus(at: tree.path("no.csv"))
    }
    #expect(throws: CorpusError.noUsableFile(path: tree.path("empty.csv"), skipped: [])) {
      try Corpus(at: tree.path("empty.csv"))
    }
  }
}

@Suite("Words and labels")
struct EmotionTests {
  @Test(
    "a word means an emotion",
    arguments: [
      ("Neutral", .neutral), ("ANGER", .angry), ("fear", .fearful), ("joy", .happy),
      ("Pleasant_surprise", .surprised), ("pleasant surprised", .surprised), ("ps", .surprised),
      ("sadness", .sad), ("bored", nil), ("", nil),
    ] as [(String, Emotion?)])
  func words(word: String, emotion: Emotion?) {
    #expect(Emotion(word: word) == emotion)
  }

  @Test("label sets have the order of the vocabulary and leave others out")
  func sets() {
    #expect(LabelSet.all.labels.count == 8)
    #expect(LabelSet.all.labels[4] == "angry")
    let bored = Clip(path: "", corpus: "emodb", speaker: "03", label: "boredom")
    let angry = Clip(path: "", corpus: "emodb", speaker: "03", label: "angry")
    #expect(LabelSet.all.index(of: bored) == nil)
    #expect(LabelSet.all.index(of: angry) == 4)
    #expect(LabelSet.all.clips(among: [bored, angry]) == [angry])
    #expect(LabelSet.own(of: [bored, angry]).labels == ["angry", "boredom"])
  }
}

/// Makes an empty file whose name need not be text.
private func addFile(named name: [UInt8]) throws {
  let made = unsafe (name + [0]).withUnsafeBytes { bytes in
    let path = unsafe bytes.baseAddress!.assumingMemoryBound(to: CChar.self)
    let file = unsafe open(path, O_WRONLY | O_CREAT, 0o600)
    return file >= 0 && close(file) == 0
  }
  try #require(made)
}
