import CommandLineTool
import Evaluation
import Foundation
import Testing
import TrainingTestSupport

/// Written by `Fixtures/metrics_golden.py` with scikit-learn and SciPy.
struct Golden: Decodable {
  struct Case: Decodable {
    let targets: [Int]
    let logits: [[Float]]
    let probabilities: [[Float]]
    let confusion: [[Int]]
    let accuracy, uar, macroF1, weightedF1, calibration, likelihood, temperature: Double
    let precision, recall, f1: [Double]
    let support: [Int]

    var labels: [String] { (0..<probabilities[0].count).map { "class \($0)" } }
    /// Spread over five speakers.
    var outcomes: [ClipResult] {
      zip(targets, probabilities).enumerated().map { index, clip in
        ClipResult(
          clip: "\(index)", speaker: "s\(index % 5)", target: clip.0, probabilities: clip.1)
      }
    }
  }

  struct McNemar: Decodable {
    let first, second: Int
    let p: Double
  }

  let cases: [Case]
  let mcNemar: [McNemar]

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
    let data = try Data(contentsOf: file.appending(path: "Fixtures/metrics.json"))
    self = try JSONDecoder().decode(Golden.self, from: data)
  }
}

private func close(_ a: Double, _ b: Double, within tolerance: Double = 1e-9) -> Bool {
  abs(a - b) <= tolerance
}

private func outcome(
  _ clip: Int, right: Bool, speaker: String = "s", confidence: Float = 1
) -> ClipResult {
  let probabilities = [confidence, 1 - confidence]
  return ClipResult(
    clip: "\(clip)", speaker: speaker, target: right ? 0 : 1, probabilities: probabilities)
}

@Suite("Evaluation")
struct EvaluationTests {
  @Test("figures are scikit-learn's", arguments: 0..<3)
  func golden(index: Int) throws {
    let golden = try Golden().cases[index]
    let report = EvaluationReport(labels: golden.labels, outcomes: golden.outcomes)
    #expect(report.confusion.counts == golden.confusion)
    #expect(close(report.accuracy, golden.accuracy))
    #expect(close(report.uar, golden.uar))
    #expect(close(report.macroF1, golden.macroF1))
    #expect(close(report.weightedF1, golden.weightedF1))
    #expect(close(report.expectedCalibrationError, golden.calibration))
    #expect(close(report.negativeLogLikelihood, golden.likelihood, within: 1e-6))
    #expect(report.classes.map(\.support) == golden.support)
    for (row, expected) in zip(report.classes.map(\.precision), golden.precision) {
      #expect(close(row, expected))
    }
    for (row, expected) in zip(report.classes.map(\.recall), golden.recall) {
      #expect(close(row, expected))
    }
    for (row, expected) in zip(report.classes.map(\.f1), golden.f1) {
      #expect(close(row, expected))
    }
  }

  @Test("no clips give noughts, not NaN")
  func empty() {
    let report = EvaluationReport(labels: ["a", "b"], outcomes: [])
    #expect(report.uar == 0 && report.accuracy == 0 && report.macroF1 == 0)
    #expect(report.expectedCalibrationError == 0 && report.negativeLogLikelihood == 0)
    #expect(report.uarInterval == nil)
  }

  @Test("of equal probabilities the first class is taken")
  func ties() {
    #expect(
      ClipResult(clip: "", speaker: "", target: 0, probabilities: [0.4, 0.4, 0.2]).predicted == 0)
  }

  @Test("a bin holds its upper edge", arguments: [(0.6, 8), (1.0, 14), (0.601, 9)])
  func bins(confidence: Float, index: Int) {
    let bins = Reliability.bins([outcome(0, right: true, confidence: confidence)])
    // 0.6 as a Float lies just above three fifths.
    let expected = confidence == 0.6 ? 9 : index
    #expect(bins.firstIndex { $0.count == 1 } == expected)
  }

  @Test("the interval holds the figure, is wider between speakers, and comes again")
  func interval() throws {
    // Ten speakers, each wholly right or wholly wrong: clips say little, speakers everything.
    let outcomes = (0..<200).map {
      outcome($0, right: $0 / 20 % 2 == 0, speaker: "s\($0 / 20)")
    }
    let alone = (0..<200).map { outcome($0, right: $0 / 20 % 2 == 0, speaker: "s\($0)") }
    let bootstrap = SpeakerBootstrap()
    let labels = ["a", "b"]
    let find = { bootstrap.interval(of: \.accuracy, labels: labels, outcomes: $0) }
    let clustered = try #require(find(outcomes))
    let single = try #require(find(alone))
    #expect(clustered.lower <= 0.2 + 1e-9 && clustered.upper >= 0.8 - 1e-9)
    // Binomial with 200 clips: 0.5 ± 1.96 √(0.25/200).
    #expect(close(single.lower, 0.431, within: 0.012) && close(single.upper, 0.569, within: 0.012))
    #expect(find(outcomes) == clustered)
    #expect(find((0..<5).map { outcome($0, right: true) }) == nil)
  }

  @Test("McNemar's test is SciPy's exact binomial one")
  func mcNemar() throws {
    for golden in try Golden().mcNemar where golden.first + golden.second > 0 {
      let count = golden.first + golden.second
      let first = (0..<count).map { comparable($0, right: $0 < golden.first) }
      let second = (0..<count).map { comparable($0, right: $0 >= golden.first) }
      let found = try PairedComparison(
        labels: ["a", "b"], first: first, second: second, bootstrap: .init(draws: 1))
      #expect(found.onlyFirst == golden.first && found.onlySecond == golden.second)
      #expect(close(try #require(found.mcNemarP), golden.p, within: 1e-9))
    }
  }

  private func comparable(_ clip: Int, right: Bool, of speakers: Int = 1) -> ClipResult {
    ClipResult(
      clip: "\(clip)", speaker: "s\(clip % speakers)", target: 0,
      probabilities: right ? [1, 0] : [0, 1])
  }

  @Test("a better model is told from the same one")
  func comparison() throws {
    let weak = (0..<100).map { comparable($0, right: $0 < 50, of: 10) }
    let strong = (0..<100).map { comparable($0, right: $0 < 80, of: 10) }
    let labels = ["a", "b"]
    let gain = try PairedComparison(labels: labels, first: weak, second: strong.reversed())
    #expect(close(gain.difference, 0.3))
    #expect(try #require(gain.interval).lower > 0)
    #expect(try #require(gain.bootstrapP) < 0.05)
    #expect(try #require(gain.mcNemarP) < 0.001)
    let same = try PairedComparison(labels: labels, first: weak, second: weak)
    #expect(same.difference == 0 && same.bootstrapP == 1 && same.mcNemarP == 1)
  }

  @Test("only common clips are compared, and only where they are the same")
  func otherClips() throws {
    let three = (0..<3).map { comparable($0, right: true) }
    let found = try PairedComparison(
      labels: ["a", "b"], first: three, second: [comparable(1, right: false)])
    #expect(found.clips == 1 && found.leftOut == 2)
    #expect(found.difference == -1 && found.onlyFirst == 1 && found.onlySecond == 0)
    #expect(throws: ComparisonError.nothingInCommon) {
      try PairedComparison(labels: ["a", "b"], first: three, second: [comparable(7, right: true)])
    }
    let relabelled = ClipResult(clip: "2", speaker: "s0", target: 1, probabilities: [1, 0])
    #expect(throws: ComparisonError.differentFacts(clip: "2")) {
      try PairedComparison(labels: ["a", "b"], first: three, second: [relabelled])
    }
  }

  @Test("several seeds against one: clips are not counted as independent verdicts")
  func seeds() throws {
    let single = (0..<40).map { comparable($0, right: $0 < 20, of: 4) }
    let repeated = (0..<3).flatMap { _ in (0..<40).map { comparable($0, right: $0 < 30, of: 4) } }
    let found = try PairedComparison(labels: ["a", "b"], first: single, second: repeated)
    #expect(close(found.difference, 0.25) && found.clips == 40)
    #expect(found.mcNemarP == nil && found.onlyFirst == nil)
  }

  @Test("results stand side by side, the first the measure of the others")
  func table() {
    func result(_ name: String, _ right: Int, labels: [String] = ["a", "b"]) -> EvaluationResult {
      EvaluationResult(
        name: name, protocol: "folds", labels: labels,
        outcomes: (0..<100).map { comparable($0, right: $0 < right, of: 10) })
    }
    let results = [
      result("weak", 50), result("strong", 80), result("other", 80, labels: ["b", "a"]),
    ]
    let comparison = ResultComparison(results.map { ($0.name, $0) })
    #expect(comparison.rows.map { $0.test?.clips } == [nil, 100, nil])
    #expect(comparison.rows[2].problem == "other labels")
    #expect(comparison.tests.text.contains("+0.300"))
    let markdown = comparison.figures.markdown.split(separator: "\n")
    #expect(markdown.count == 5 && markdown[1].hasPrefix("| --- | --: |"))
    #expect(markdown[3].hasPrefix("| strong | 100 | 10 | 1 | 0.800 |"))
  }

  @Test("a result is written, and read as it was")
  func resultFile() throws {
    let golden = try Golden().cases[0]
    let tree = try TestTree([])
    var result = EvaluationResult(
      name: "first", protocol: "folds", labels: golden.labels, outcomes: golden.outcomes)
    result.parts["fold 1"] = result.report
    try result.write(to: tree.path("r.json"))
    #expect(try EvaluationResult(contentsOf: tree.path("r.json")) == result)
  }

  @Test(
    "a result that does not fit together is refused",
    arguments: [
      (#""counts" : ["#, #""counts" : [[1],"#), (#""target" : 7"#, #""target" : 8"#),
      (#""labels""#, #""label""#), ("{", "["),
    ])
  func brokenResult(part: String, replacement: String) throws {
    let golden = try Golden().cases[0]
    let tree = try TestTree([])
    let path = tree.path("r.json")
    try EvaluationResult(
      name: "", protocol: "", labels: golden.labels, outcomes: golden.outcomes
    ).write(to: path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains(part))
    try tree.add("r.json", text.replacingOccurrences(of: part, with: replacement))
    #expect(throws: ResultFileError.malformed(path: path)) {
      try EvaluationResult(contentsOf: path)
    }
  }

  @Test("a report reads as aligned tables")
  func text() {
    var matrix = ConfusionMatrix(labels: ["sad", "fearful"])
    matrix.add(target: 0, predicted: 1, count: 120)
    #expect(
      matrix.description == """
                 sad  fearful
        sad        0      120
        fearful    0        0

        """)
    let report = EvaluationReport(labels: ["a", "b"], outcomes: [outcome(0, right: true)])
    #expect(report.description.contains("UAR          1.000\n"))
  }

  @Test(
    "a figure has its digits",
    arguments: [
      (0.5, 3, "0.500"), (-0.0004, 3, "0.000"), (-1.25, 1, "-1.3"), (12.999, 2, "13.00"),
      (7, 0, "7"), (.infinity, 2, "inf"),
    ])
  func figures(value: Double, digits: Int, text: String) {
    #expect(fixed(value, digits) == text)
  }
}

@Suite("Temperature scaling")
struct TemperatureScalingTests {
  @Test("the temperature is the one that SciPy finds", arguments: 0..<2)
  func golden(index: Int) throws {
    let golden = try Golden().cases[index]
    let scaling = TemperatureScaling(logits: golden.logits, targets: golden.targets)
    #expect(close(scaling.temperature, golden.temperature, within: 1e-4))
  }

  @Test("always right is as sharp as it gets, and nothing known as soft")
  func limits() {
    #expect(close(TemperatureScaling(logits: [[5, 0]], targets: [0]).temperature, 0.05))
    #expect(close(TemperatureScaling(logits: [[5, 0]], targets: [1]).temperature, 20))
  }

  @Test("probabilities sum to one and keep their order", arguments: [0.05, 1, 3, 20])
  func probabilities(temperature: Double) {
    let scaled = TemperatureScaling(temperature: temperature)([1000, 999, -1000])
    #expect(close(Double(scaled.reduce(0, +)), 1, within: 1e-6))
    #expect(scaled[0] > scaled[1] && scaled[1] >= scaled[2])
  }

  @Test("overconfident logits become honest")
  func overconfident() {
    // Nine of ten right, at logits that promise 0.9999.
    let logits: [[Float]] = Array(repeating: [9.2, 0], count: 100)
    let targets = (0..<100).map { $0 % 10 == 0 ? 1 : 0 }
    let scaling = TemperatureScaling(logits: logits, targets: targets)
    #expect(close(Double(scaling([9.2, 0])[0]), 0.9, within: 1e-4))
  }
}
