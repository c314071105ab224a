import Corpora
import Evaluation
import Foundation
import LinearAlgebra
import Testing
import TrainingTestSupport

/// Two corpora of speakers with different numbers of clips.
private func clips(seed: UInt64) -> [Clip] {
  var random = RandomSource(seed: seed)
  return ["ravdess", "emodb"].flatMap { corpus in
    (1...Int.random(in: 4...12, using: &random)).flatMap { speaker in
      (0..<Int.random(in: 1...9, using: &random)).map { index in
        Clip(
          path: "\(corpus)/\(speaker)/\(index)", corpus: corpus, speaker: "0\(speaker)",
          sex: speaker % 2 == 0 ? .female : .male,
          label: Emotion.allCases.randomElement(using: &random)!.rawValue)
      }
    }
  }
}

/// `men` men and as many women of RAVDESS with `each` clips of every emotion.
private func actors(_ count: Int, each: Int = 2) -> [Clip] {
  (1...count).flatMap { actor in
    Emotion.allCases.flatMap { emotion in
      (0..<each).map {
        Clip(
          path: "\(actor)/\(emotion)/\($0)", corpus: "ravdess",
          speaker: actor < 10 ? "0\(actor)" : "\(actor)",
          sex: actor % 2 == 1 ? .male : .female, label: emotion.rawValue)
      }
    }
  }
}

@Suite("Splits")
struct SplitTests {
  @Test("no speaker is in two parts, and no clip is lost or doubled", arguments: 0..<40)
  func speakerIndependent(seed: UInt64) throws {
    let clips = clips(seed: seed)
    let protocols: [EvaluationProtocol] = [
      .speakerFolds(count: 4), .leaveOneSpeakerOut,
      .fixedFolds(
        try Folds(
          protocol: "",
          folds: [
            ["ravdess": ["1", "2"], "emodb": ["03"]], ["ravdess": ["03"]], ["ravdess": ["4"]],
          ])),
      .crossCorpus(training: ["ravdess"], test: ["emodb"]),
    ]
    for method in protocols {
      #expect(method.isSpeakerIndependent)
      for split in try method.splits(of: clips, seed: seed) {
        let parts = [split.training, split.validation, split.test]
        let speakers = parts.map { part in Set(part.map { clips[$0].speaker }) }
        #expect(parts.allSatisfy { !$0.isEmpty && $0 == $0.sorted() })
        #expect(Set(parts.joined()).count == parts.joined().count)
        #expect(speakers[0].isDisjoint(with: speakers[1]))
        #expect(speakers[0].isDisjoint(with: speakers[2]))
        #expect(speakers[1].isDisjoint(with: speakers[2]))
      }
    }
  }

  @Test("folds test every clip once", arguments: [2, 5, 10])
  func coverage(count: Int) throws {
    let clips = actors(20)
    let splits = try EvaluationProtocol.speakerFolds(count: count).splits(of: clips, seed: 3)
    #expect(splits.flatMap(\.test).sorted() == Array(clips.indices))
    for split in splits {
      #expect(split.training.count + split.validation.count + split.test.count == clips.count)
      #expect(sexes(split.test, clips).allSatisfy { $0 == 20 / count / 2 })
    }
  }

  private func sexes(_ part: [Int], _ clips: [Clip]) -> [Int] {
    Sex.allCases.map { sex in
      Set(part.filter { clips[$0].sex == sex }.map { clips[$0].speaker }).count
    }
  }

  @Test("validation has women and men alike", arguments: 0..<10)
  func balanced(seed: UInt64) throws {
    let clips = actors(20)
    for split in try EvaluationProtocol.speakerFolds(count: 5)
      .splits(of: clips, validation: 0.25, seed: seed)
    {
      #expect(sexes(split.validation, clips) == [2, 2])
    }
  }

  @Test("a seed gives its splits again, another gives others")
  func seeds() throws {
    let clips = actors(20)
    for method in [EvaluationProtocol.speakerFolds(count: 5), .random(testFraction: 0.2)] {
      let first = try method.splits(of: clips, seed: 1)
      #expect(try method.splits(of: clips, seed: 1) == first)
      #expect(try method.splits(of: clips, seed: 2) != first)
    }
  }

  @Test("a random split draws from every label alike")
  func random() throws {
    let clips = actors(10, each: 5)
    let split = try EvaluationProtocol.random(testFraction: 0.2).splits(of: clips, seed: 5)[0]
    #expect(!EvaluationProtocol.random(testFraction: 0.2).isSpeakerIndependent)
    for emotion in Emotion.allCases {
      let count = { (part: [Int]) in part.count { clips[$0].emotion == emotion } }
      #expect(count(split.test) == 10 && count(split.validation) == 8)
      #expect(count(split.training) == 32)
    }
  }

  @Test("fixed folds leave unlisted speakers out and train on other corpora")
  func fixed() throws {
    let other = Clip(path: "x", corpus: "emodb", speaker: "03", label: "sad")
    let clips = actors(6) + [other]
    let folds = try Folds(
      protocol: "", folds: [["ravdess": ["1", "2"]], ["ravdess": ["3", "4"]]])
    let splits = try EvaluationProtocol.fixedFolds(folds).splits(of: clips, seed: 1)
    #expect(splits.count == 2)
    #expect(Set(splits[0].test.map { clips[$0].speaker }) == ["ravdess/01", "ravdess/02"])
    for split in splits {
      let used = Set((split.training + split.validation + split.test).map { clips[$0].speaker })
      #expect(!used.contains("ravdess/05") && !used.contains("ravdess/06"))
      #expect(split.training.contains(clips.count - 1))
    }
  }

  @Test("what cannot be split says why")
  func refused() throws {
    let folds = try Folds(protocol: "", folds: [["tess": ["OAF"]], ["tess": ["YAF"]]])
    let unknown = try Folds(
      protocol: "", folds: [["ravdess": ["1", "2"]], ["ravdess": ["9"]]])
    let clips = actors(4)
    let cases: [(EvaluationProtocol, [Clip], SplitError)] = [
      (.leaveOneSpeakerOut, [], .noClips),
      (.leaveOneSpeakerOut, actors(2), .tooFewSpeakers(found: 2, needed: 3)),
      (.speakerFolds(count: 5), clips, .tooFewSpeakers(found: 4, needed: 5)),
      (.fixedFolds(folds), clips, .unknownCorpus("tess")),
      (.fixedFolds(unknown), clips, .unknownSpeaker("ravdess/9")),
      (.crossCorpus(training: ["ravdess"], test: ["tess"]), clips, .unknownCorpus("tess")),
      (
        .crossCorpus(training: ["ravdess"], test: ["ravdess"]), clips,
        .corpusOnBothSides("ravdess")
      ),
      (.random(testFraction: 0.5), Array(clips.prefix(2)), .tooFewClips(found: 2, needed: 3)),
    ]
    for (method, clips, error) in cases {
      #expect(throws: error) { try method.splits(of: clips, seed: 1) }
      #expect(!error.description.isEmpty)
    }
  }

  /// Two speakers of three corpora each, and a third of RAVDESS.
  private let joint: [Clip] = [
    ("ravdess", ["01", "02", "03"]), ("emodb", ["08", "15"]), ("tess", ["OAF", "YAF"]),
  ].flatMap { corpus, speakers in
    speakers.map { (name: String) in
      Clip(path: "\(corpus)/\(name)", corpus: corpus, speaker: name, label: "sad")
    }
  }

  private func speakers(_ part: [Int], _ clips: [Clip]) -> Set<String> {
    Set(part.map { clips[$0].speaker })
  }

  @Test("joint folds test speakers of several corpora, who train in the other folds")
  func jointFolds() throws {
    let folds = try Folds(
      protocol: "",
      folds: [
        ["ravdess": ["1"], "emodb": ["08"], "tess": ["OAF"]], ["ravdess": ["2"], "tess": ["YAF"]],
      ])
    let splits = try EvaluationProtocol.fixedFolds(folds).splits(
      of: joint, validation: 0, seed: 1)
    #expect(splits.map(\.name) == ["fold 1", "fold 2"])
    #expect(
      splits.map { speakers($0.test, joint) } == [
        ["ravdess/01", "emodb/08", "tess/OAF"], ["ravdess/02", "tess/YAF"],
      ])
    // The folds do not name RAVDESS's third speaker and EmoDB's second.
    #expect(
      splits.map { speakers($0.training, joint) } == [
        ["ravdess/02", "tess/YAF"], ["ravdess/01", "emodb/08", "tess/OAF"],
      ])
  }

  @Test("a corpus of which a fold tests nobody trains in it, as does one that no fold names")
  func untested() throws {
    let folds = try Folds(
      protocol: "",
      folds: [["emodb": ["08"]], ["emodb": ["15"]], ["tess": ["OAF"]], ["tess": ["YAF"]]])
    let splits = try EvaluationProtocol.fixedFolds(folds).splits(
      of: joint, validation: 0, seed: 1)
    let all = Set(joint.map(\.speaker))
    #expect(
      splits.map { speakers($0.test, joint) } == [
        ["emodb/08"], ["emodb/15"], ["tess/OAF"], ["tess/YAF"],
      ])
    for split in splits {
      #expect(speakers(split.training, joint) == all.subtracting(speakers(split.test, joint)))
    }
  }

  @Test("joint folds serve some of their corpora, too: folds of which nobody is left are left out")
  func someCorpora() throws {
    let folds = try Folds(
      protocol: "",
      folds: [["tess": ["OAF"]], ["ravdess": ["1"]], ["tess": ["YAF"], "ravdess": ["2"]]])
    let tess = joint.filter { $0.corpus == "tess" }
    let splits = try EvaluationProtocol.fixedFolds(folds).splits(of: tess, validation: 0, seed: 1)
    #expect(splits.map(\.name) == ["fold 1", "fold 3"])
    #expect(splits.map { speakers($0.training, tess) } == [["tess/YAF"], ["tess/OAF"]])
    // One speaker trains; there is none left to validate on.
    #expect(throws: SplitError.tooFewSpeakers(found: 1, needed: 2)) {
      try EvaluationProtocol.fixedFolds(folds).splits(of: tess, validation: 0.2, seed: 1)
    }
  }

  @Test(
    "folds are read from a file, of one corpus or of several",
    arguments: [
      (
        #"{"corpus":"ravdess","protocol":"p","folds":[[1,3],["02",4]]}"#,
        [["ravdess": ["1", "3"]], ["ravdess": ["2", "4"]]]
      ),
      (
        #"{"protocol":"p","folds":[{"ravdess":[1],"emodb":["08"],"tess":[]},{"tess":["OAF"]}]}"#,
        [["ravdess": ["1"], "emodb": ["8"]], ["tess": ["OAF"]]]
      ),
    ])
  func foldsFile(text: String, folds: [[String: [String]]]) throws {
    let tree = try TestTree([])
    try tree.add("f.json", text)
    let found = try Folds(contentsOf: tree.path("f.json"))
    #expect(found.folds == folds && found.protocol == "p")
  }

  @Test("the folds of published figures can be read", arguments: ["ravdess", "joint"])
  func publishedFolds(name: String) throws {
    let models = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../models/folds/\(name).json")
    let folds = try Folds(contentsOf: models.path)
    #expect(folds.folds.count == 5)
    #expect(folds.folds.allSatisfy { $0["ravdess"]?.count == 4 })
    #expect(folds.corpora.count == (name == "joint" ? 5 : 1))
  }

  @Test(
    "a folds file that means nothing is refused",
    arguments: [
      ("[]", nil), ("{", nil), (#"{"protocol":"p","folds":[[1],[2]]}"#, nil),
      (#"{"corpus":"c","protocol":"p","folds":[{"c":[1]},{"c":[2]}]}"#, nil),
      (#"{"protocol":"p","folds":[{"c":[1.5]},{"c":[2]}]}"#, nil),
      (#"{"folds":[{"c":[1]},{"c":[2]}]}"#, nil),
      (#"{"corpus":"c","protocol":"p","folds":[]}"#, .tooFewFolds(0)),
      (#"{"protocol":"p","folds":[{"c":[1]}]}"#, .tooFewFolds(1)),
      (#"{"corpus":"c","protocol":"p","folds":[[1],[]]}"#, .emptyFold(1)),
      (#"{"protocol":"p","folds":[{"c":[]},{"c":[1]}]}"#, .emptyFold(0)),
      (#"{"corpus":"c","protocol":"p","folds":[[1],[2,1]]}"#, .speakerTwice("c/1")),
      (#"{"protocol":"p","folds":[{"c":["08"],"d":[8]},{"c":[8]}]}"#, .speakerTwice("c/8")),
    ] as [(String, FoldsError?)])
  func badFolds(text: String, error: FoldsError?) throws {
    let tree = try TestTree([])
    let path = tree.path("f.json")
    try tree.add("f.json", text)
    #expect(throws: error ?? .malformed(path: path)) { try Folds(contentsOf: path) }
  }
}
