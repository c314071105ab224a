public import CommandLineTool

/// A table with what a reader must know of it.
public struct TitledTable: Sendable {
  public let title: String
  public let note: String
  public let table: TextTable
}

extension BenchmarkResult {
  /// One for each part that was measured, corpora never heard first.
  public var tables: [TitledTable] {
    [
      neverHeardTable, foldTable, degradationTable,
      voicesTable(voices?.neverHeard, "corpora never heard"),
      voicesTable(voices?.folds, "unseen speakers"),
      sentenceTable, randomTable,
    ].compactMap(\.self)
  }

  /// To read in a terminal.
  public var text: String {
    ([heading] + tables.map { "\($0.title)\n\($0.note)\n\n\($0.table.text)" })
      .joined(separator: "\n")
  }

  public var markdown: String {
    tables.map { "**\($0.title).** \($0.note)\n\n\($0.table.markdown)" }.joined(separator: "\n")
  }

  /// What was trained, in a sentence or two.
  public var heading: String {
    "\(name), trained on \(corpora.joined(separator: ", ")); "
      + (seeds.count > 1 ? "\(seeds.count) seeds.\n" : "one seed.\n")
  }

  private var neverHeardTable: TitledTable? {
    neverHeard?.titled(
      "Corpora never heard",
      "No recording of the corpus is in training, nor of its speakers. Figures are among the labels that "
        + "it has in common with those that are; clips with other labels are left out.",
      calibratedOn: "the folds of the other corpora")
  }

  private var foldTable: TitledTable? {
    folds?.titled(
      "Unseen speakers",
      "The speaker is not in training, others of the corpus are. Figures are among the labels of the "
        + "corpus.", calibratedOn: "the other folds")
  }

  private var sentenceTable: TitledTable? {
    sentences?.titled(
      "Unheard sentences",
      "Neither the speaker nor the sentence is in training, of corpora in which everybody says the same two or three.",
      calibratedOn: "the other folds")
  }

  private var randomTable: TitledTable? {
    random?.titled(
      "Random split: speakers leak",
      "Clips are drawn at random: every speaker tested is in training, too. On new voices expect far less.",
      calibratedOn: "all folds")
  }

  private var degradationTable: TitledTable? {
    guard let degradations, let first = degradations.first, let folds else { return nil }
    var table = TextTable(header: ["degradation", "mean"] + first.corpora.map(\.corpus))
    table.add(
      ["as recorded", fixed(folds.mean.figures.uar)] + folds.corpora.map { fixed($0.figures.uar) })
    for row in degradations {
      table.add(
        ["\(row.degradation)", cell(row.uar, row.difference)]
          + row.corpora.map { cell($0.report.uar, $0.report.difference) })
    }
    return TitledTable(
      title: "Degradations",
      note:
        "UAR of the folds' clips, and in brackets how many points it differs from that of the same clips as "
        + "they were recorded.", table: table)
  }

  private func voicesTable(_ rows: [BenchmarkEvidence]?, _ part: String) -> TitledTable? {
    guard let rows, let first = rows.first else { return nil }
    var table = TextTable(
      header: ["earlier recordings", "mean", "ECE"] + first.corpora.map(\.corpus))
    for row in rows {
      table.add(
        ["\(row.evidence.count), \(row.evidence.kind.rawValue)", cell(row.uar, row.difference)]
          + [fixed(row.calibrationError)] + row.corpora.map { cell($0.uar, $0.difference) })
    }
    return TitledTable(
      title: "A voice it knows, \(part)",
      note:
        "UAR when so many other recordings of the speaker are known, without their labels, and in brackets how many points it differs from "
        + "that without any.", table: table)
  }

  private func cell(_ uar: Double, _ difference: Double) -> String {
    "\(fixed(uar)) (\(difference < 0 ? "" : "+")\(fixed(100 * difference, 1)))"
  }
}

extension BenchmarkTable.Calibration {
  fileprivate func note(of others: String) -> String {
    switch self {
    case .validation: "Speakers who were left aside calibrated each training."
    case .crossFitted: "The temperature was fitted on \(others)."
    case .none: "Probabilities are not calibrated."
    }
  }
}

extension BenchmarkTable {
  private static let header = [
    "corpus", "labels", "clips", "left out", "speakers", "UAR (95 %)", "UAR, all labels",
    "accuracy (95 %)", "macro F1 (95 %)", "ECE (95 %)",
  ]

  /// - Parameter others: Whose results gave the temperatures, where these are cross-fitted.
  fileprivate func titled(
    _ title: String, _ note: String, calibratedOn others: String
  ) -> TitledTable {
    TitledTable(
      title: title, note: "\(note) \(calibration.note(of: others))",
      table: table(first: "mean of \(corpora.count)"))
  }

  /// The mean, then each corpus.
  private func table(first title: String) -> TextTable {
    var table = TextTable(header: Self.header)
    let counts =
      [
        "", corpora.reduce(0) { $0 + $1.clips }, corpora.reduce(0) { $0 + $1.leftOut },
        corpora.reduce(0) { $0 + $1.speakers },
      ] as [any CustomStringConvertible]
    table.add(
      [title] + counts.map(\.description)
        + cells(
          mean.figures, mean.intervals,
          Evaluation.mean(corpora.map(\.uarOfAllLabels))))
    for row in corpora {
      table.add(
        [row.corpus, row.labels.count, row.clips, row.leftOut, row.speakers]
          .map { (value: any CustomStringConvertible) in value.description }
          + cells(row.figures, row.intervals, row.uarOfAllLabels))
    }
    return table
  }

  private func cells(
    _ figures: Figures<Double>, _ intervals: Figures<Interval>?, _ uarOfAllLabels: Double
  ) -> [String] {
    func cell(
      _ value: KeyPath<Figures<Double>, Double>, _ interval: KeyPath<Figures<Interval>, Interval>
    ) -> String {
      let range = intervals.map { $0[keyPath: interval] }
      return fixed(figures[keyPath: value])
        + (range.map { " (\(fixed($0.lower))–\(fixed($0.upper)))" } ?? "")
    }
    return [
      cell(\.uar, \.uar), fixed(uarOfAllLabels), cell(\.accuracy, \.accuracy),
      cell(\.macroF1, \.macroF1), cell(\.calibrationError, \.calibrationError),
    ]
  }
}
