public import Corpora

/// What a benchmark measures; each part has a table of its own.
public enum BenchmarkPart: String, Codable, CaseIterable, Sendable {
  /// Speakers who are not in training.
  case folds
  /// Corpora that are not in training.
  case neverHeard = "never-heard"
  /// The clips of the folds under degradations.
  case degradations
  /// The clips of the folds and of corpora never heard, with earlier recordings of their speakers.
  case voices
  /// Sentences that are not in training, by speakers who are not either.
  case sentences
  /// Clips drawn at random, whose speakers are in training.
  case random
}

/// The trainings of a benchmark, for one seed.
public struct BenchmarkPlan: Sendable, Equatable {
  public private(set) var folds: [Split] = []
  /// Each tests whole corpora, those that have the same training part together.
  public private(set) var neverHeard: [Split] = []
  /// Each is a fold without a sentence of one corpus: neither the sentence nor the speakers who are tested saying it are in
  /// training.
  public private(set) var sentences: [Split] = []
  public private(set) var random: [Split] = []

  /// - Parameters:
  ///   - folds: Of several corpora, as a rule.
  ///   - training: The corpora to train on; nil for all. Others are only tested, as corpora that are never heard.
  ///   - auxiliary: Corpora that are only trained on.
  ///   - validation: Fraction of each training part that is left aside for early stopping and calibration.
  public init(
    of clips: [Clip], parts: Set<BenchmarkPart>, folds: Folds, training: Set<String>? = nil,
    auxiliary: Set<String> = [], validation: Double, seed: UInt64
  ) throws(SplitError) {
    let present = Set(clips.map(\.corpus))
    let heard = training ?? present
    if let missing = heard.union(auxiliary).subtracting(present).sorted().first {
      throw .unknownCorpus(missing)
    }
    let tested = present.subtracting(auxiliary)
    func splits(
      _ method: EvaluationProtocol, of corpora: Set<String>
    ) throws(SplitError) -> [Split] {
      let own = clips.indices.filter { corpora.contains(clips[$0].corpus) }
      return try method.splits(
        of: own.map { clips[$0] }, auxiliary: auxiliary, validation: validation, seed: seed
      ).map { $0.placed(at: own) }
    }
    if !parts.isDisjoint(with: [.folds, .degradations, .voices, .sentences]) {
      self.folds = try splits(.fixedFolds(folds), of: heard.union(auxiliary))
    }
    if parts.contains(.sentences) {
      sentences = Self.withoutSentences(self.folds, of: clips)
      if parts.isDisjoint(with: [.folds, .degradations, .voices]) { self.folds = [] }
    }
    if parts.contains(.neverHeard) {
      for (others, own) in Self.groups(tested, heard: heard.subtracting(auxiliary)) {
        neverHeard += try splits(.crossCorpus(training: others, test: own), of: present)
      }
    }
    if parts.contains(.random) {
      random = try splits(.random(testFraction: 0.2), of: heard.union(auxiliary))
    }
    guard !all.isEmpty else { throw .tooFewCorpora(found: tested.count, needed: 2) }
  }

  public var all: [Split] { folds + neverHeard + sentences + random }

  /// A corpus in which everybody says the same few sentences: at most so many.
  private static let sentenceLimit = 3

  /// Each fold once for each corpus of few sentences, which take turns in being left out.
  private static func withoutSentences(_ folds: [Split], of clips: [Clip]) -> [Split] {
    let sentences = Dictionary(grouping: clips, by: \.corpus)
      .mapValues { Set($0.compactMap(\.sentence)).sorted() }
      .filter { (2...sentenceLimit).contains($0.value.count) }
    return folds.enumerated().flatMap { place, fold in
      sentences.sorted { $0.key < $1.key }.compactMap { corpus, sentences in
        fold.without(corpus, saying: sentences[place % sentences.count], clips)
      }
    }
  }

  /// With this fold alone; nil where there is no such fold.
  public func only(fold: Int) -> BenchmarkPlan? {
    var plan = self
    plan.folds = folds.filter { $0.name == "fold \(fold)" }
    plan.sentences = sentences.filter { $0.name.hasPrefix("fold \(fold),") }
    return plan.folds.isEmpty && plan.sentences.isEmpty ? nil : plan
  }

  func changingSplits(_ change: (Split) -> Split) -> BenchmarkPlan {
    var plan = self
    plan.folds = folds.map(change)
    plan.neverHeard = neverHeard.map(change)
    plan.sentences = sentences.map(change)
    plan.random = random.map(change)
    return plan
  }

  /// The plan whose folds do not test some clips.
  public func testing(_ isTested: (Int) -> Bool) -> BenchmarkPlan {
    var plan = self
    plan.folds = folds.map { $0.testing(isTested) }
    return plan
  }

  /// Each tested corpus with the others that are heard; those that have the same others together.
  private static func groups(
    _ tested: Set<String>, heard: Set<String>
  ) -> [(training: [String], test: [String])] {
    Dictionary(grouping: tested.sorted()) { heard.subtracting([$0]) }
      .filter { !$0.key.isEmpty }
      .map { ($0.key.sorted(), $0.value) }
      .sorted { $0.test[0] < $1.test[0] }
  }
}

extension Split {
  /// Trained without a sentence of a corpus, and tested on it alone; nil where the test part has none.
  fileprivate func without(_ corpus: String, saying sentence: String, _ clips: [Clip]) -> Split? {
    func says(_ index: Int) -> Bool {
      clips[index].corpus == corpus && clips[index].sentence == sentence
    }
    let test = test.filter(says)
    guard !test.isEmpty else { return nil }
    return Split(
      name: "\(name), \(corpus) without sentence \(sentence)",
      training: training.filter { !says($0) },
      validation: validation.filter { !says($0) }, test: test)
  }
}
