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
      .fixedFolds(try Folds(corpus: "ravdess", protocol: "", folds: [[1, 2], [3], [4]])),
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
    let folds = try Folds(corpus: "ravdess", protocol: "", folds: [[1, 2], [3, 4]])
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
    let folds = try Folds(corpus: "tess", protocol: "", folds: [[1], [2]])
    let unknown = try Folds(corpus: "ravdess", protocol: "", folds: [[1, 2], [9]])
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

  @Test("folds are read from a file")
  func foldsFile() throws {
    let tree = try TestTree([])
    try tree.add("f.json", #"{"corpus":"ravdess","protocol":"p","folds":[[1,3],[2,4]]}"#)
    let folds = try Folds(contentsOf: tree.path("f.json"))
    #expect(folds.folds == [[1, 3], [2, 4]] && folds.corpus == "ravdess")
  }

  @Test(
    "a folds file that means nothing is refused",
    arguments: [
      ("[]", nil), ("{", nil), (#"{"corpus":"c","protocol":"p","folds":[]}"#, .tooFewFolds(0)),
      (#"{"corpus":"c","protocol":"p","folds":[[1],[]]}"#, .emptyFold(1)),
      (#"{"corpus":"c","protocol":"p","folds":[[1],[2,1]]}"#, .speakerTwice(1)),
    ] as [(String, FoldsError?)])
  func badFolds(text: String, error: FoldsError?) throws {
    let tree = try TestTree([])
    let path = tree.path("f.json")
    try tree.add("f.json", text)
    #expect(throws: error ?? .malformed(path: path)) { try Folds(contentsOf: path) }
  }
}
