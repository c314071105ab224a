import CommandLineTool
import EmotionModel
import Evaluation

extension Picture {
  /// Whether a probability means what it says: accuracy of the clips in each bin of confidence, and how
  /// many clips that is.
  static func reliability(_ bins: [Reliability.Bin], expectedError: Double) -> Picture {
    let rows = bins.filter { $0.count > 0 }.map {
      [($0.lower + $0.upper) / 2, $0.accuracy, Double($0.count)]
    }
    var script = GnuplotScript()
    script.data("bins", rows)
    script.add(
      """
      set multiplot
      set lmargin at screen 0.14
      set rmargin at screen 0.96
      set xrange [0:1]
      set boxwidth \(1 / Double(max(bins.count, 1)))
      set style fill solid 0.85 border rgb 'white'
      set tmargin at screen 0.86
      set bmargin at screen 0.40
      set title \(GnuplotScript.quoted("expected calibration error \(fixed(expectedError))"))
      set yrange [0:1]
      set ylabel 'accuracy (fraction of clips)'
      set format x ''
      set key outside top center horizontal width 2
      plot $bins using 1:2 with boxes linecolor rgb '\(Palette.blue)' title 'accuracy', \
        x with lines linewidth 2 dashtype 2 linecolor rgb '\(Palette.grey)' title 'as promised'
      unset title
      unset key
      set tmargin at screen 0.34
      set bmargin at screen 0.14
      set format x '%g'
      set xlabel 'confidence (probability of the predicted emotion)'
      set ylabel 'clips'
      set yrange [0:*]
      set ytics autofreq
      plot $bins using 1:3 with boxes linecolor rgb '\(Palette.grey)'
      unset multiplot
      """)
    return Picture(
      "reliability",
      caption: "Reliability diagram: accuracy by confidence, and the clips in each bin.",
      width: 560, height: 560, script: script)
  }
}
