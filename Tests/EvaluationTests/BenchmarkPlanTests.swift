import Corpora
import Evaluation
import Testing

@Suite("A benchmark's plan")
struct BenchmarkPlanTests {
  /// Ten clips of either label by each of two speakers of three corpora.
  private let clips: [Clip] = ["a", "b", "c"].flatMap { corpus in
    (0..<40).map { index in
      Clip(
        path: "\(corpus)\(index)", corpus: corpus, speaker: "\(index % 2)",
        label: index / 2 % 2 == 0 ? "sad" : "happy")
    }
  }

  private func plan(
    _ parts: Set<BenchmarkPart>, training: Set<String>? = nil, auxiliary: Set<String> = [],
    of clips: [Clip]? = nil, validation: Double = 0
  ) throws -> BenchmarkPlan {
    let folds = try Folds(
      protocol: "",
      folds: [["a": ["0"], "b": ["0"], "c": ["0"]], ["a": ["1"], "b": ["1"], "c": ["1"]]])
    return try BenchmarkPlan(
      of: clips ?? self.clips, parts: parts, folds: folds, training: training,
      auxiliary: auxiliary, validation: validation, seed: 1)
  }

  private func corpora(_ part: [Int]) -> [String] { Set(part.map { clips[$0].corpus }).sorted() }
  private func speakers(_ part: [Int]) -> [String] { Set(part.map { clips[$0].speaker }).sorted() }

  @Test("leaves each corpus out in turn and tests all of it")
  func leaveOneCorpusOut() throws {
    let plan = try plan([.neverHeard])
    #expect(plan.folds.isEmpty && plan.random.isEmpty)
    #expect(plan.neverHeard.map { corpora($0.test) } == [["a"], ["b"], ["c"]])
    #expect(
      plan.neverHeard.map { corpora($0.training) } == [["b", "c"], ["a", "c"], ["a", "b"]])
    #expect(plan.neverHeard.allSatisfy { $0.test.count == 40 && $0.training.count == 80 })
  }

  @Test("keeps the corpus left out from validation, too")
  func validation() throws {
    for split in try plan([.neverHeard], validation: 0.25).neverHeard {
      #expect(split.validation.count == 20 && split.training.count == 60)
      #expect(corpora(split.test).allSatisfy { !corpora(split.validation).contains($0) })
    }
  }

  @Test("of one corpus to train on tests all others with one training")
  func trainingCorpora() throws {
    let plan = try plan([.folds, .neverHeard, .random], training: ["b"])
    #expect(plan.neverHeard.map { corpora($0.test) } == [["a", "c"]])
    #expect(plan.neverHeard.map { corpora($0.training) } == [["b"]])
    #expect(plan.folds.map { speakers($0.test) } == [["b/0"], ["b/1"]])
    #expect(plan.folds.map { speakers($0.training) } == [["b/1"], ["b/0"]])
    #expect(corpora(plan.random[0].training + plan.random[0].test) == ["b"])
  }

  @Test("of two corpora to train on leaves each of them out, too")
  func severalTrainingCorpora() throws {
    let plan = try plan([.neverHeard], training: ["a", "b"])
    #expect(plan.neverHeard.map { corpora($0.test) } == [["a"], ["b"], ["c"]])
    #expect(plan.neverHeard.map { corpora($0.training) } == [["b"], ["a"], ["a", "b"]])
  }

  @Test("trains on auxiliary corpora in every split, and tests none of their clips")
  func auxiliary() throws {
    let plan = try plan([.folds, .neverHeard, .random], auxiliary: ["c"], validation: 0.5)
    #expect(plan.all.count == 5)
    for split in plan.all {
      #expect(split.training.count { clips[$0].corpus == "c" } == 40)
      #expect(split.training == split.training.sorted())
    }
    #expect(plan.neverHeard.map { corpora($0.test) } == [["a"], ["b"]])
  }

  @Test("leaves, in turn, sentences that everybody says out of the folds of their corpus")
  func sentences() throws {
    let spoken = clips.enumerated().map { index, clip in
      Clip(
        path: clip.path, corpus: clip.corpus, speaker: String(clip.speaker.suffix(1)),
        label: clip.label,
        // Two sentences in a, ten in b, nobody knows in c.
        sentence: ["a": "\(index / 4 % 2)", "b": "\(index / 4)"][clip.corpus])
    }
    let plan = try plan([.sentences], of: spoken)
    #expect(plan.folds.isEmpty && plan.sentences.count == 2)
    for (fold, split) in plan.sentences.enumerated() {
      #expect(split.test.count == 10)
      #expect(
        split.test.allSatisfy { spoken[$0].corpus == "a" && spoken[$0].sentence == "\(fold)" })
      #expect(speakers(split.test) == ["a/\(fold)"])
      #expect(split.training.count == 50)
      #expect(
        !split.training.contains { spoken[$0].corpus == "a" && spoken[$0].sentence == "\(fold)" })
      #expect(!speakers(split.training).contains("a/\(fold)"))
    }
    #expect(try self.plan([.folds, .sentences], of: spoken).all.count == 4)
  }

  @Test("draws a fifth of each label of each corpus at random")
  func random() throws {
    let split = try plan([.random]).random[0]
    for corpus in ["a", "b", "c"] {
      for label in ["sad", "happy"] {
        #expect(
          split.test.count { clips[$0].corpus == corpus && clips[$0].label == label } == 4)
      }
    }
    #expect(speakers(split.test) == speakers(split.training))
  }

  @Test("takes the folds for degradations, and one fold alone if asked")
  func oneFold() throws {
    let plan = try plan([.degradations])
    #expect(plan.folds.map(\.name) == ["fold 1", "fold 2"] && plan.neverHeard.isEmpty)
    #expect(plan.only(fold: 2)?.folds == [plan.folds[1]])
    #expect(plan.only(fold: 3) == nil)
    let some = plan.testing { clips[$0].corpus == "a" }
    #expect(some.folds.map { corpora($0.test) } == [["a"], ["a"]])
    #expect(some.folds.map(\.training) == plan.folds.map(\.training))
  }

  @Test("learns from a fraction of each corpus's speakers, or of the clips of each label")
  func learningCurve() throws {
    let whole = try plan([.neverHeard, .random])
    func less(_ fraction: TrainingFraction, seed: UInt64 = 1) -> BenchmarkPlan {
      whole.training(on: fraction, of: clips, seed: seed)
    }
    for (less, split) in zip(less(.speakers(0.5)).all, whole.all) {
      for corpus in corpora(split.training) {
        let own = split.training.filter { clips[$0].corpus == corpus }
        let kept = less.training.filter { clips[$0].corpus == corpus }
        #expect(speakers(kept).count == (speakers(own).count + 1) / 2)
        #expect(kept == own.filter { speakers(kept).contains(clips[$0].speaker) })
      }
      #expect(less.test == split.test && less.name == "\(split.name), 0.5 of the speakers")
    }
    #expect(speakers(less(.speakers(0.01)).random[0].training).count == 3)
    for (less, split) in zip(less(.clips(0.25)).all, whole.all) {
      #expect(less.training.count * 4 == split.training.count)
      #expect(Set(less.training).isSubset(of: split.training) && less.test == split.test)
      for label in ["sad", "happy"] {
        #expect(less.training.count { clips[$0].label == label } * 2 == less.training.count)
      }
    }
    #expect(less(.clips(0.25)) == less(.clips(0.25)))
    #expect(less(.clips(0.25)) != less(.clips(0.25), seed: 2))
    #expect(less(.clips(1)).random[0].training == whole.random[0].training)
  }

  @Test("tells parts apart by the names of their splits")
  func names() throws {
    let names = try plan(Set(BenchmarkPart.allCases)).all.map(\.name)
    #expect(Set(names).count == names.count && names.count == 6)
  }

  @Test("refuses what cannot be measured")
  func refused() throws {
    #expect(throws: SplitError.unknownCorpus("d")) { try plan([.folds], training: ["a", "d"]) }
    #expect(throws: SplitError.unknownCorpus("e")) { try plan([.folds], auxiliary: ["e"]) }
    #expect(throws: SplitError.tooFewCorpora(found: 1, needed: 2)) {
      try plan([.neverHeard], of: clips.filter { $0.corpus == "a" })
    }
  }
}
