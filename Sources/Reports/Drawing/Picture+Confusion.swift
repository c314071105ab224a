import Evaluation

extension Picture {
  /// How often each emotion was taken for each: counts, or shares of each true emotion.
  /// - Parameter name: Of the picture, before the kind.
  static func confusion(
    _ matrix: ConfusionMatrix, isNormalized: Bool, name: String = "confusion"
  ) -> Picture {
    let labels = matrix.labels
    let cells = labels.indices.flatMap { target in
      labels.indices.map { predicted -> [Double] in
        let count = Double(matrix.counts[target][predicted])
        let share = count / Double(max(matrix.support(target), 1))
        return [Double(predicted), Double(target), share, isNormalized ? 100 * share : count]
      }
    }
    var script = GnuplotScript()
    script.data("cells", cells)
    script.add(
      """
      set title \(GnuplotScript.quoted(isNormalized ? "fraction of each true emotion, %" : "clips"))
      \(Palette.counts)
      set cbrange [0:1]
      set xrange [-0.5:\(labels.count).0-0.5]
      set yrange [\(labels.count).0-0.5:-0.5]
      set xtics \(GnuplotScript.tics(labels)) rotate by 35 right
      set ytics \(GnuplotScript.tics(labels))
      set tics scale 0
      set border 15
      unset colorbox
      set xlabel 'predicted emotion'
      set ylabel 'true emotion'
      plot $cells using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):3 with boxxyerror \
        fillstyle solid 1 noborder fillcolor palette, \
        $cells using 1:2:(sprintf('%.0f', $4)):($3 > 0.55 ? 0xffffff : 0x000000) \
        with labels textcolor rgb variable
      """)
    return Picture(
      isNormalized ? "\(name)-normalized" : name,
      caption: isNormalized
        ? "Confusion matrix, each row as per cent of the clips of that true emotion."
        : "Confusion matrix, numbers of clips; the shade is the fraction of the true emotion.",
      width: 120 + 60 * labels.count, height: 140 + 50 * labels.count, script: script)
  }
}
