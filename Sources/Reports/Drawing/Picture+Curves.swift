import Training

extension Picture {
  /// Loss and accuracy over the epochs, a thin line for each training; dots mark the epochs kept.
  static func curves(_ histories: [[EpochReport]]) -> [Picture] {
    [
      curve(
        "loss", "cross-entropy (nats)", histories, training: { $0.trainingLoss },
        validation: { $0.validationLoss }, range: "[0:*]"),
      curve(
        "accuracy", "accuracy (fraction of clips)", histories, training: { $0.trainingAccuracy },
        validation: { $0.validationAccuracy }, range: "[0:1]"),
    ]
  }

  private static func curve(
    _ name: String, _ axis: String, _ histories: [[EpochReport]],
    training: (EpochReport) -> Double, validation: (EpochReport) -> Double?, range: String
  ) -> Picture {
    var script = GnuplotScript()
    script.data("training", lines(histories) { training($0) })
    script.data("validation", lines(histories) { validation($0) ?? .nan })
    let kept = histories.compactMap { $0.last { $0.isBest } }
    script.data("kept", kept.map { [Double($0.epoch), validation($0) ?? .nan] } + [[.nan, .nan]])
    let width = histories.count > 1 ? 1 : 2
    script.add(
      """
      set xlabel 'epoch'
      set ylabel \(GnuplotScript.quoted(axis))
      set yrange \(range)
      set xrange [0:*]
      set grid ytics linecolor rgb '#dddddd'
      set key outside top center vertical maxrows 3
      plot $training using 1:2 with lines linewidth \(width) linecolor rgb '\(Palette.blue)' \
        title 'training (augmented)', \
        $validation using 1:2 with lines linewidth \(width) dashtype 2 \
        linecolor rgb '\(Palette.vermilion)' title 'validation', \
        $kept using 1:2 with points pointtype 7 pointsize 0.9 linecolor rgb 'black' title 'kept'
      """)
    return Picture(
      "curve-\(name)", caption: "Over the epochs of training: \(name) of training and validation.",
      script: script)
  }

  private static func lines(
    _ histories: [[EpochReport]], _ value: (EpochReport) -> Double
  ) -> [[Double]] {
    histories.flatMap { $0.map { [Double($0.epoch), value($0)] } + [[]] }
  }
}
