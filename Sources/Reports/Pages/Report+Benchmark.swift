import CommandLineTool
public import Evaluation
public import Training

extension Report {
  /// How good a preset is on several corpora.
  /// - Parameter histories: Epochs of the trainings.
  public init(_ result: BenchmarkResult, histories: [[EpochReport]] = []) {
    var sections = result.tables.map { part in
      Section(
        title: part.title,
        blocks: [
          .paragraph(part.note), .table(header: part.table.header, rows: part.table.body),
        ])
    }
    let parts = [
      ("never heard", "never-heard", result.neverHeard), ("unseen speakers", "folds", result.folds),
      ("unheard sentences", "sentences", result.sentences),
      ("random split", "random", result.random),
    ]
    for case (let title, let name, let table?) in parts {
      sections.append(Self.confusions(title, name, table))
    }
    if histories.contains(where: { !$0.isEmpty }) { sections.append(Self.curves(histories)) }
    self.init(title: "\(result.name): benchmark", lead: result.heading, sections: sections)
  }

  private static func confusions(
    _ title: String, _ name: String, _ table: BenchmarkTable
  ) -> Section {
    Section(
      title: "Confusion, \(title)",
      blocks: table.corpora.flatMap { row in
        [
          .paragraph("\(row.corpus): UAR \(fixed(row.figures.uar))"),
          .pictures([
            .confusion(
              row.confusion, isNormalized: true, name: "confusion-\(name)-\(row.corpus)")
          ]),
        ]
      })
  }
}
