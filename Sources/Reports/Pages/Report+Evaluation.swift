import CommandLineTool
import EmotionModel
public import Evaluation
public import Training

extension Report {
  /// How good a model is on some clips.
  /// - Parameters:
  ///   - histories: Epochs of the trainings, where they are known.
  ///   - traces: What the network attended to, with a title each.
  public init(
    _ result: EvaluationResult, histories: [[EpochReport]] = [],
    traces: [(title: String, trace: AttentionTrace)] = []
  ) {
    let report = result.report
    var sections = [
      Section(
        title: "Figures",
        blocks: [.table(header: ["", "value", "95 %, by speaker"], rows: Self.figures(report))]
          + Self.spread(result.spread)),
      Section(
        title: "Confusion",
        blocks: [
          .pictures([
            .confusion(report.confusion, isNormalized: false),
            .confusion(report.confusion, isNormalized: true),
          ])
        ]),
      Section(
        title: "Classes",
        blocks: [
          .table(
            header: ["class", "precision", "recall", "F1", "clips"],
            rows: report.classes.map {
              [$0.label, fixed($0.precision), fixed($0.recall), fixed($0.f1), "\($0.support)"]
            })
        ]),
      Section(
        title: "Calibration",
        blocks: [
          .paragraph(
            "Of the clips given a confidence of 0.8, eight in ten should be right: then the bars "
              + "end at the dashed line."),
          .pictures([
            .reliability(
              Reliability.bins(result.outcomes), expectedError: report.expectedCalibrationError)
          ]),
        ]),
      Section(title: "Worst-confused clips", blocks: [Self.mistakes(result)]),
    ]
    if let degradations = Self.degradations(result) { sections.insert(degradations, at: 1) }
    if histories.contains(where: { !$0.isEmpty }) {
      sections.insert(Self.curves(histories), at: 1)
    }
    if !traces.isEmpty { sections.append(Self.attention(traces)) }
    self.init(
      title: "\(result.name): \(report.clips) clips of \(report.speakers) speakers",
      lead: result.protocol, sections: sections)
  }

  /// How trainings went for which no validation clips were kept.
  public init(trainingOf name: String, _ histories: [[EpochReport]]) {
    self.init(
      title: name, lead: "Trained on every clip: nothing is left to measure it on.",
      sections: [Self.curves(histories)])
  }

  private static func figures(_ report: EvaluationReport) -> [[String]] {
    let range = { (interval: Interval?) in interval?.text ?? "" }
    return [
      ["unweighted average recall (UAR)", fixed(report.uar), range(report.uarInterval)],
      ["accuracy", fixed(report.accuracy), range(report.accuracyInterval)],
      ["macro F1", fixed(report.macroF1), ""], ["weighted F1", fixed(report.weightedF1), ""],
      ["expected calibration error, 15 bins", fixed(report.expectedCalibrationError), ""],
      ["mean negative log likelihood", fixed(report.negativeLogLikelihood), ""],
    ]
  }

  private static func degradations(_ result: EvaluationResult) -> Section? {
    let rows = result.degradationTable
    guard !rows.isEmpty else { return nil }
    return Section(
      title: "Outside the studio",
      blocks: [
        .paragraph(
          "The same clips through a telephone, an MP3 encoder, in noise and in a room. The number says kbit/s, "
            + "decibels below the speech, milliseconds, or decibels louder. Intervals by speaker."),
        .table(header: EvaluationResult.degradationHeader, rows: rows),
      ])
  }

  private static func spread(_ spread: SeedSpread?) -> [Block] {
    guard let spread else { return [] }
    return [
      .table(
        header: ["seed", "UAR, mean of the folds", "folds"],
        rows: spread.runs.map { run in
          [
            "\(run.seed)", fixed(run.figures.uar),
            run.parts.map { fixed($0) }.joined(separator: " "),
          ]
        }
          + (spread.deviation.map {
            [["mean ± deviation", "\(fixed(spread.mean.uar)) ± \(fixed($0.uar))", ""]]
          } ?? []))
    ]
  }

  static func curves(_ histories: [[EpochReport]]) -> Section {
    let several = histories.count > 1 ? ", a line for each of the \(histories.count) trainings" : ""
    return Section(
      title: "Training",
      blocks: [
        .paragraph(
          "Training clips are varied and parts of the network left out, so that training often "
            + "looks worse than validation" + several + "."),
        .pictures(Picture.curves(histories)),
      ])
  }

  /// The mistakes that the model was surest of.
  private static func mistakes(_ result: EvaluationResult) -> Block {
    let worst = result.outcomes.filter { !$0.isHit }.sorted { $0.confidence > $1.confidence }
    guard !worst.isEmpty else { return .paragraph("Every clip was recognised.") }
    return .table(
      header: [
        "clip", "speaker", "true", "predicted", "confidence", "probability of the true one",
      ],
      rows: worst.prefix(20).map {
        [
          $0.clip, $0.speaker, result.labels[$0.target], result.labels[$0.predicted],
          fixed($0.confidence, 2), fixed(Double($0.probabilities[$0.target]), 2),
        ]
      })
  }

  private static func attention(_ traces: [(title: String, trace: AttentionTrace)]) -> Section {
    Section(
      title: "Attention over time",
      blocks: [
        .paragraph(
          "Above: how much of its attention the network gives to each tenth of a second. Below: the features "
            + "it sees, their first channel, as they are after normalisation."),
        .pictures(
          traces.enumerated().map { place, entry in
            .attention(entry.trace, name: "attention-\(place + 1)", title: entry.title)
          }),
      ])
  }
}
