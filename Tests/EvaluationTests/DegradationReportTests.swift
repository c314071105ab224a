import Augmentation
import Evaluation
import Foundation
import Testing

@Suite("A report on a degradation")
struct ConditionReportTests {
  /// Two clips of either class from each of eight speakers, some of them mistaken.
  private func outcomes(wrong: (Int) -> Bool) -> [ClipResult] {
    (0..<32).map { n in
      let target = n % 2
      let said = wrong(n) ? 1 - target : target
      return ClipResult(
        clip: "\(n).wav", speaker: "s\(n % 16 / 2)", target: target,
        probabilities: said == 0 ? [0.9, 0.1] : [0.1, 0.9])
    }
  }

  @Test("gives what is lost, and how sure that is")
  func loss() throws {
    let report = try DegradationReport(
      .white(10), labels: ["a", "b"], outcomes: outcomes { $0 % 4 == 0 },
      clean: outcomes { $0 % 8 == 0 })
    #expect(report.clips == 32 && report.uar == 0.75 && report.difference == -0.125)
    let interval = try #require(report.differenceInterval)
    #expect(interval.lower <= -0.125 && -0.125 <= interval.upper && interval.upper <= 0)
  }

  @Test("is written with the result, and read again")
  func result() throws {
    let clean = outcomes { $0 == 0 }
    let report = try DegradationReport(
      .telephone, labels: ["a", "b"], outcomes: outcomes { $0 < 4 }, clean: clean)
    let result = EvaluationResult(
      name: "m", protocol: "p", labels: ["a", "b"], outcomes: clean, degradations: [report])
    let json = try JSONEncoder().encode(result)
    #expect(String(decoding: json, as: UTF8.self).contains(#""degradation":"telephone""#))
    #expect(try JSONDecoder().decode(EvaluationResult.self, from: json) == result)
    #expect(result.degradationTable.map(\.first) == ["as recorded", "telephone"])
    #expect(result.degradationTable[1][1] == "0.875" && result.degradationTable[1][3] == "-0.094")
    #expect(result.degradationText.split(separator: "\n").count == 3)
  }

  @Test("of other clips than the clean ones is refused")
  func others() {
    let others = outcomes { _ in false }.map {
      ClipResult(
        clip: "other/" + $0.clip, speaker: $0.speaker, target: $0.target,
        probabilities: $0.probabilities)
    }
    #expect(throws: ComparisonError.nothingInCommon) {
      try DegradationReport(
        .telephone, labels: ["a", "b"], outcomes: others, clean: outcomes { _ in false })
    }
  }
}
