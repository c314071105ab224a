import Augmentation
import CommandLineTool
import Evaluation
import Foundation
import Testing
import TrainingTestSupport

private func result(
  _ clip: String, _ speaker: String, _ target: Int, _ probabilities: [Float], seed: UInt64? = nil
) -> ClipResult {
  ClipResult(
    clip: clip, speaker: speaker, target: target, probabilities: probabilities, seed: seed)
}

@Suite("A choice among some labels")
struct LabelRestrictionTests {
  private let restriction = LabelRestriction(to: ["d", "b", "boredom"], of: ["a", "b", "c", "d"])

  @Test("renormalises their probabilities and leaves out clips with other labels")
  func restricted() throws {
    #expect(restriction.labels == ["b", "d"])
    let found = restriction([
      result("1", "s", 1, [0.5, 0.2, 0.2, 0.1], seed: 7),
      result("2", "s", 0, [0.7, 0.1, 0.1, 0.1]),
      result("3", "s", 3, [0.25, 0.25, 0.25, 0.25]),
    ])
    #expect(found.map(\.clip) == ["1", "3"] && found.map(\.target) == [0, 1])
    #expect(abs(found[0].probabilities[0] - 2 / 3) < 1e-6 && found[0].seed == 7)
    #expect(found[0].isHit && found[1].probabilities == [0.5, 0.5] && !found[1].isHit)
  }

  @Test("of which none has a probability makes them equal")
  func nothingLeft() {
    #expect(restriction([result("1", "s", 1, [1, 0, 0, 0])])[0].probabilities == [0.5, 0.5])
  }

  @Test("tells which clips can be answered, and leaves their probabilities")
  func answerable() {
    let results = [
      result("1", "s", 1, [0.5, 0.2, 0.2, 0.1]), result("2", "s", 0, [0.7, 0.1, 0.1, 0.1]),
    ]
    #expect(restriction.answerable(results) == [results[0]])
  }
}

@Suite("Cross-fitting")
struct CrossFittingTests {
  /// Nine of ten right, at a confidence of 0.9999.
  private let overconfident = (0..<100).map {
    result("\($0)", "s", $0 % 10 == 0 ? 1 : 0, [0.9999, 0.0001])
  }
  /// Half of them right, at a confidence of 0.6.
  private let guessed = (0..<100).map { result("g\($0)", "t", $0 % 2, [0.6, 0.4]) }

  /// Each group is a corpus of its own.
  private func fitting(_ groups: [String: [ClipResult]]) -> CrossFitting {
    CrossFitting(
      groups.flatMap { group, results in
        results.map { .init(group: group, corpus: group, result: $0) }
      })
  }

  @Test("fits a group's temperature on the other groups")
  func others() throws {
    let fitting = fitting(["easy": overconfident, "hard": guessed])
    let hard = try #require(fitting.temperature(without: "hard"))
    #expect(abs(hard(overconfident[0]).probabilities[0] - 0.9) < 1e-3)
    let easy = try #require(fitting.temperature(without: "easy"))
    #expect(abs(easy(guessed[0]).probabilities[0] - 0.5) < 0.01)
    let both = try #require(fitting.temperature())
    #expect(hard.temperature < both.temperature && both.temperature < easy.temperature)
  }

  @Test("lets a corpus of many clips count no more than one of few")
  func sizes() throws {
    // Always right, at a confidence of 0.6: the more they count, the sharper.
    let timid = (0..<100).map { result("r\($0)", "r", 0, [0.6, 0.4]) }
    let often = (0..<9).flatMap { _ in timid }
    let once = try #require(fitting(["easy": overconfident, "timid": timid]).temperature())
    let nine = try #require(fitting(["easy": overconfident, "timid": often]).temperature())
    #expect(abs(once.temperature - nine.temperature) < 1e-6)
    let pooled = CrossFitting(
      (overconfident + often).map { .init(group: "g", corpus: "one", result: $0) })
    #expect(try #require(pooled.temperature()).temperature < once.temperature * 0.9)
  }

  @Test("has nothing to fit on without other groups")
  func alone() {
    #expect(fitting(["easy": overconfident]).temperature(without: "easy") == nil)
    #expect(fitting([:]).temperature() == nil)
    #expect(fitting(["easy": []]).temperature() == nil)
  }

  @Test("takes clips with other numbers of labels together, and noughts for the least number")
  func labels() throws {
    let three = (0..<50).map { result("t\($0)", "u", $0 % 3, [0.5, 0.5, 0]) }
    let temperature = try #require(fitting(["a": guessed, "b": three]).temperature())
    #expect(temperature.temperature.isFinite)
    let scaled = temperature(three[0])
    #expect(abs(scaled.probabilities.reduce(0, +) - 1) < 1e-6 && scaled.clip == "t0")
  }

  @Test("leaves a result as it is at a temperature of one")
  func one() {
    let same = TemperatureScaling(temperature: 1)(guessed[0])
    #expect(abs(same.probabilities[0] - 0.6) < 1e-6)
  }
}

@Suite("A benchmark's result")
struct BenchmarkResultTests {
  private let labels = ["x", "y", "z"]

  /// Two speakers with two clips each, of which one is taken for z, which the corpus does not have; and a clip of z.
  private var first: CorpusResults {
    CorpusResults(
      corpus: "first", restriction: LabelRestriction(to: ["x", "y"], of: labels),
      results: [
        result("1", "a", 0, [0.8, 0.1, 0.1]), result("2", "a", 1, [0.6, 0.2, 0.2]),
        result("3", "b", 0, [0.3, 0.2, 0.5]), result("4", "b", 1, [0.1, 0.8, 0.1]),
        result("5", "b", 2, [0.1, 0.1, 0.8]),
      ])
  }

  /// One speaker, all right.
  private var second: CorpusResults {
    CorpusResults(
      corpus: "second", restriction: LabelRestriction(to: ["x", "z"], of: labels),
      results: [result("6", "c", 0, [1, 0, 0]), result("7", "c", 2, [0, 0, 1])])
  }

  private func table(_ corpora: [CorpusResults]) throws -> BenchmarkTable {
    try #require(BenchmarkTable(corpora, labels: labels, calibration: .crossFitted))
  }

  @Test("has figures among a corpus's own labels, and beside them the UAR among all")
  func figures() throws {
    let row = try table([first]).corpora[0]
    #expect(row.labels == ["x", "y"] && row.clips == 4 && row.leftOut == 1 && row.speakers == 2)
    // Of x both are right, of y one; among all labels one of each.
    #expect(row.figures.uar == 0.75 && row.uarOfAllLabels == 0.5 && row.figures.accuracy == 0.75)
    // F1 of x is 4/5, of y 2/3.
    #expect(abs(row.figures.macroF1 - (4.0 / 5 + 2.0 / 3) / 2) < 1e-12)
    #expect(row.confusion.counts == [[2, 0], [1, 1]])
    // Confidences 8/9, 3/4, 3/5, 8/9 are in bins of their own but for the two of 8/9.
    let error = (2 * (1 - 8.0 / 9) + 3.0 / 4 + (1 - 3.0 / 5)) / 4
    #expect(abs(row.figures.calibrationError - error) < 1e-6)
  }

  @Test("has an interval by speaker, and none of one speaker")
  func intervals() throws {
    let table = try table([first, second])
    let interval = try #require(table.corpora[0].intervals)
    // Speaker a alone has UAR 0.5, speaker b alone 1.
    #expect(interval.uar.text == "0.500 to 1.000")
    #expect(interval.accuracy == interval.uar)
    #expect(interval.calibrationError.lower <= table.corpora[0].figures.calibrationError)
    #expect(interval.calibrationError.upper >= table.corpora[0].figures.calibrationError)
    #expect(table.corpora[1].intervals == nil)
  }

  @Test("has a mean in which each corpus counts the same, with an interval")
  func mean() throws {
    let mean = try table([first, second]).mean
    #expect(mean.figures.uar == 0.875 && mean.figures.accuracy == 0.875)
    #expect(mean.intervals?.uar.text == "0.750 to 1.000")
    #expect(try table([second]).mean.intervals == nil)
  }

  @Test("leaves out a corpus without a clip that counts")
  func nothing() throws {
    let empty = CorpusResults(
      corpus: "empty", restriction: LabelRestriction(to: [], of: labels), results: first.results)
    #expect(try table([empty, second]).corpora.map(\.corpus) == ["second"])
    #expect(BenchmarkTable([empty], labels: labels, calibration: .none) == nil)
  }

  @Test("counts a clip once, however many seeds classify it")
  func seeds() throws {
    let twice = [UInt64](1...2).flatMap { seed in
      first.results.map {
        result(
          $0.clip, $0.speaker, $0.target, seed == 1 ? $0.probabilities : [0, 1, 0], seed: seed)
      }
    }
    let row = try table([
      CorpusResults(corpus: "first", restriction: first.restriction, results: twice)
    ]).corpora[0]
    #expect(row.clips == 4 && row.leftOut == 1 && row.uarBySeed == [0.75, 0.5])
    #expect(row.figures.uar == 0.625)
  }

  private func benchmark() throws -> BenchmarkResult {
    let worse = CorpusResults(
      corpus: "first", restriction: first.restriction,
      results: first.results.map { result($0.clip, $0.speaker, $0.target, [0, 1, 0]) })
    return BenchmarkResult(
      name: "small", seeds: [1, 2], corpora: ["first", "second"], labels: labels, temperature: 1.5,
      neverHeard: try table([second]), folds: try table([first, second]),
      degradations: [
        try BenchmarkDegradation(.telephone, degraded: [worse, second], clean: [first, second])
      ], random: try table([first]))
  }

  @Test("has what is lost under a degradation, of each corpus and in the mean")
  func degradations() throws {
    let telephone = try #require(try benchmark().degradations?.first)
    #expect(telephone.corpora.map(\.report.uar) == [0.5, 1])
    #expect(telephone.corpora.map(\.report.difference) == [-0.25, 0])
    #expect(telephone.uar == 0.75 && telephone.difference == -0.125)
  }

  @Test("is written as JSON, and read again")
  func json() throws {
    let tree = try TestTree([])
    let benchmark = try benchmark()
    try benchmark.write(to: tree.path("b.json"))
    let bytes = try Data(contentsOf: URL(filePath: tree.path("b.json")))
    #expect(try JSONDecoder().decode(BenchmarkResult.self, from: bytes) == benchmark)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains(#""temperature" : 1.5"#) && text.contains(#""calibration" : "cross-"#))
  }

  @Test("reads as tables, corpora never heard first and the mean above its corpora")
  func tables() throws {
    let benchmark = try benchmark()
    #expect(
      benchmark.tables.map(\.title) == [
        "Corpora never heard", "Unseen speakers", "Degradations", "Random split: speakers leak",
      ])
    let folds = benchmark.tables[1].table
    #expect(folds.body.map { $0[0] } == ["mean of 2", "first", "second"])
    #expect(
      folds.body[1].prefix(7) == ["first", "2", "4", "1", "2", "0.750 (0.500–1.000)", "0.500"])
    let degradations = benchmark.tables[2].table
    #expect(
      degradations.body == [
        ["as recorded", "0.875", "0.750", "1.000"],
        ["telephone", "0.750 (-12.5)", "0.500 (-25.0)", "1.000 (+0.0)"],
      ])
    #expect(benchmark.text.hasPrefix("small, trained on first, second; 2 seeds.\n"))
    #expect(benchmark.markdown.contains("| telephone | 0.750 (-12.5) | 0.500 (-25.0) |"))
  }
}
