import CommandLineTool

extension EvaluationReport: CustomStringConvertible {
  /// The figures, a line for each class, and the confusion matrix, to read in a terminal.
  public var description: String {
    [figures, classTable, "Rows: true, columns: predicted\n" + confusion.description]
      .joined(separator: "\n")
  }

  private var figures: String {
    """
    \(clips) clips of \(speakers) speakers
    UAR          \(fixed(uar))\(range(uarInterval))
    accuracy     \(fixed(accuracy))\(range(accuracyInterval))
    macro F1     \(fixed(macroF1))
    weighted F1  \(fixed(weightedF1))
    calibration  \(fixed(expectedCalibrationError)) expected error, 15 bins
    likelihood   \(fixed(negativeLogLikelihood)) mean negative log

    """
  }

  private func range(_ interval: Interval?) -> String {
    interval.map { "  (95 %: \($0.text), by speaker)" } ?? ""
  }

  private var classTable: String {
    var table = TextTable(header: ["class", "precision", "recall", "F1", "clips"])
    for row in classes {
      table.add(
        [row.label, fixed(row.precision), fixed(row.recall), fixed(row.f1), "\(row.support)"])
    }
    return table.text
  }
}

extension ConfusionMatrix: CustomStringConvertible {
  public var description: String {
    var table = TextTable(header: [""] + labels)
    for (label, row) in zip(labels, counts) { table.add([label] + row.map { "\($0)" }) }
    return table.text
  }
}
