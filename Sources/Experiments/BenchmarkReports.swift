import Corpora
import Evaluation
import Training

/// What the trainings of a benchmark said, corpus by corpus, with calibrated probabilities.
struct BenchmarkReports {
  /// The results of a part, and where its temperatures are from.
  typealias Part = (corpora: [CorpusResults], calibration: BenchmarkTable.Calibration)

  let labels: [String]
  private let clips: [Clip]
  private let foldReports: [FoldReport]
  private let neverHeardReports: [FoldReport]
  private let sentenceReports: [FoldReport]
  private let randomReports: [FoldReport]

  init(experiment: Experiment, plans: [BenchmarkPlan], _ reports: [FoldReport]) {
    clips = experiment.examples.map(\.clip)
    labels = experiment.preset.labels.labels
    func part(_ part: KeyPath<BenchmarkPlan, [Split]>) -> [FoldReport] {
      let names = Set(plans.flatMap { $0[keyPath: part].map(\.name) })
      return reports.filter { names.contains($0.split.name) }
    }
    foldReports = part(\.folds)
    neverHeardReports = part(\.neverHeard)
    sentenceReports = part(\.sentences)
    randomReports = part(\.random)
  }

  /// The corpora of which clips are trained on.
  var trainingCorpora: [String] {
    let trained = (foldReports + neverHeardReports + sentenceReports + randomReports).flatMap(
      \.split.training)
    return Set(trained.map { clips[$0].corpus }).sorted()
  }

  /// Fitted on all folds; nil where speakers were left aside to find one, and without folds.
  var temperature: TemperatureScaling? {
    isCalibrated(foldReports) ? nil : crossFitting(by: \.split).temperature()
  }

  var folds: Part { folds(saying: \.outcomes) }

  /// The folds under each degradation.
  var degraded: [[CorpusResults]] {
    let temperatures = foldTemperatures
    return (foldReports.first?.degraded.indices ?? 0..<0).map { place in
      part(answers(foldReports) { $0.degraded[place] }, ownLabels, temperatures, by: \.split)
        .corpora
    }
  }

  var neverHeard: Part { neverHeard(saying: \.outcomes) }

  /// The folds with other results than the trainings' own.
  /// - Parameter results: Of each training, as many times the test clips as were asked for.
  func folds(saying results: (FoldReport) -> [ClipResult]) -> Part {
    part(answers(foldReports, results), ownLabels, foldTemperatures, by: \.split)
  }

  /// The corpora never heard with other results than the trainings' own.
  /// - Parameter results: Of each training, as many times the test clips as were asked for.
  func neverHeard(saying results: (FoldReport) -> [ClipResult]) -> Part {
    let fitting = crossFitting(by: \.corpus)
    let temperatures = temperatures(of: neverHeardReports, by: \.corpus) {
      fitting.temperature(without: $0)
    }
    return part(answers(neverHeardReports, results), commonLabels, temperatures, by: \.corpus)
  }

  /// As the networks say it: the folds' temperatures are of networks that heard the sentences.
  var sentences: Part {
    part(
      answers(sentenceReports, \.outcomes), ownLabels,
      ([:], isCalibrated(sentenceReports) ? .validation : .none), by: \.split)
  }

  var random: Part {
    let temperatures = temperatures(of: randomReports, by: \.split) { _ in temperature }
    return part(answers(randomReports, \.outcomes), ownLabels, temperatures, by: \.split)
  }

  /// What one training said, among the labels of each corpus that it can know.
  func corpora(of report: FoldReport) -> [CorpusResults] {
    let isNeverHeard = neverHeardReports.contains { $0.split.name == report.split.name }
    return results(
      of: answers([report], \.outcomes), isNeverHeard ? commonLabels : ownLabels
    ) { $0.result }
  }
}

// MARK: - Labels

extension BenchmarkReports {
  /// The labels of each corpus.
  private var ownLabels: [String: LabelRestriction] {
    Dictionary(grouping: clips, by: \.corpus).mapValues {
      LabelRestriction(to: Set($0.map(\.label)), of: labels)
    }
  }

  /// The labels that each corpus never heard has in common with those that were.
  private var commonLabels: [String: LabelRestriction] {
    var common: [String: LabelRestriction] = [:]
    for report in neverHeardReports {
      let split = report.split
      let known = Set((split.training + split.validation).map { clips[$0].label })
      for (corpus, own) in Dictionary(grouping: split.test, by: { clips[$0].corpus }) {
        common[corpus] = LabelRestriction(
          to: known.intersection(own.map { clips[$0].label }), of: labels)
      }
    }
    return common
  }
}

// MARK: - Answers

extension BenchmarkReports {
  /// What one training said of one clip.
  private struct Answer {
    let corpus: String
    /// The training's.
    let split: String
    let result: ClipResult
  }

  private func answers(
    _ reports: [FoldReport], _ results: (FoldReport) -> [ClipResult]
  ) -> [Answer] {
    reports.flatMap { report in
      let test = report.split.test
      return results(report).enumerated().map {
        let clip = clips[test[$0 % test.count]]
        return Answer(corpus: clip.corpus, split: report.split.name, result: $1)
      }
    }
  }

  private func part(
    _ answers: [Answer], _ restrictions: [String: LabelRestriction],
    _ temperatures: Temperatures, by group: (Answer) -> String
  ) -> Part {
    let corpora = results(of: answers, restrictions) { answer in
      temperatures.values[group(answer)].map { $0(answer.result) } ?? answer.result
    }
    return (corpora, temperatures.calibration)
  }

  private func results(
    of answers: [Answer], _ restrictions: [String: LabelRestriction],
    _ result: (Answer) -> ClipResult
  ) -> [CorpusResults] {
    Dictionary(grouping: answers, by: \.corpus).sorted { $0.key < $1.key }.compactMap {
      corpus, answers in
      restrictions[corpus].map {
        CorpusResults(corpus: corpus, restriction: $0, results: answers.map(result))
      }
    }
  }
}

// MARK: - Calibration

extension BenchmarkReports {
  private typealias Temperatures = (
    values: [String: TemperatureScaling], calibration: BenchmarkTable.Calibration
  )

  private func isCalibrated(_ reports: [FoldReport]) -> Bool {
    reports.contains { !$0.split.validation.isEmpty }
  }

  private var foldTemperatures: Temperatures {
    let fitting = crossFitting(by: \.split)
    return temperatures(of: foldReports, by: \.split) { fitting.temperature(without: $0) }
  }

  /// A temperature for each group of answers; none at all where one group has none.
  private func temperatures(
    of reports: [FoldReport], by group: (Answer) -> String,
    _ temperature: (String) -> TemperatureScaling?
  ) -> Temperatures {
    guard !isCalibrated(reports) else { return ([:], .validation) }
    let groups = Set(answers(reports, \.outcomes).map(group))
    var values: [String: TemperatureScaling] = [:]
    for name in groups { values[name] = temperature(name) }
    return values.count == groups.count ? (values, .crossFitted) : ([:], .none)
  }

  /// What the folds said, among the labels of each corpus.
  private func crossFitting(by group: (Answer) -> String) -> CrossFitting {
    let restrictions = ownLabels
    return CrossFitting(
      answers(foldReports, \.outcomes).flatMap { answer in
        (restrictions[answer.corpus]?([answer.result]) ?? []).map {
          .init(group: group(answer), corpus: answer.corpus, result: $0)
        }
      })
  }
}
