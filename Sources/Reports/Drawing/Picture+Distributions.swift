import Evaluation

extension Picture {
  /// Bars of counts, parts of a bar on top of each other.
  static func bars(
    _ name: String, caption: String, axis: String, categories: [String],
    parts: [(name: String, counts: [Int])]
  ) -> Picture {
    var script = GnuplotScript()
    let running = categories.indices.map { category in
      parts.indices.map { part in
        Double(parts[...part].reduce(0) { $0 + $1.counts[category] })
      }
    }
    script.data("bars", running.enumerated().map { [Double($0)] + $1 })
    // The highest first, so that the lower ones lie before it.
    let plots = parts.indices.reversed().map { part in
      "$bars using 1:\(part + 2) with boxes linecolor rgb '\(Palette.colour([3, 2, 0, 6][part % 4]))' "
        + "title \(GnuplotScript.quoted(parts[part].name))"
    }
    // So many names would overlap.
    let named = categories.count <= 40
    script.add(
      """
      set boxwidth 0.8
      set style fill solid 1 border rgb 'white'
      set xrange [-0.6:\(Double(categories.count) - 0.4)]
      set yrange [0:*]
      set offsets 0, 0, graph 0.05, 0
      set ylabel 'clips'
      set xlabel \(GnuplotScript.quoted(axis + (named ? "" : ", in the order of their names")))
      set grid ytics linecolor rgb '#dddddd'
      \(named ? "set xtics \(GnuplotScript.tics(categories)) rotate by 45 right" : "unset xtics")
      \(parts.count > 1 ? "set key outside top center horizontal width 2" : "unset key")
      plot \(plots.joined(separator: ", "))
      """)
    return Picture(
      name, caption: caption, width: max(480, min(1000, 160 + 26 * categories.count)),
      script: script)
  }

  /// How often values fall into each of about thirty bins of equal width.
  static func histogram(
    _ name: String, caption: String, axis: String, values: [Double]
  ) -> Picture {
    let top = max(values.max() ?? 1, 1e-9)
    let width = top / 30
    var counts = [Double](repeating: 0, count: 30)
    for value in values { counts[min(max(Int(value / width), 0), 29)] += 1 }
    var script = GnuplotScript()
    script.data("bins", counts.enumerated().map { [(Double($0) + 0.5) * width, $1] })
    script.add(
      """
      set boxwidth \(width)
      set style fill solid 0.9 border rgb 'white'
      set xrange [0:\(top)]
      set yrange [0:*]
      set xlabel \(GnuplotScript.quoted(axis))
      set ylabel 'clips'
      set grid ytics linecolor rgb '#dddddd'
      plot $bins using 1:2 with boxes linecolor rgb '\(Palette.blue)'
      """)
    return Picture(name, caption: caption, width: 420, height: 340, script: script)
  }

  /// For each group the middle half of its values as a box, the median in it, and whiskers from the
  /// 5th to the 95th percentile.
  static func boxes(
    _ name: String, caption: String, axis: String, groups: [(label: String, values: [Double])]
  ) -> Picture {
    let rows = groups.enumerated().map { place, group -> [Double] in
      let sorted = group.values.sorted()
      let marks = [0.25, 0.05, 0.95, 0.75, 0.5].map { sorted.isEmpty ? .nan : quantile(sorted, $0) }
      return [Double(place)] + marks
    }
    var script = GnuplotScript()
    script.data("boxes", rows)
    script.add(
      """
      set boxwidth 0.6
      set style fill solid 0.35 border rgb '\(Palette.blue)'
      set xrange [-0.6:\(Double(groups.count) - 0.4)]
      set ylabel \(GnuplotScript.quoted(axis))
      set yrange [\(groups.allSatisfy(\.values.isEmpty) ? "0:1" : "*:*")]
      set offsets 0, 0, graph 0.03, graph 0.03
      set xtics \(GnuplotScript.tics(groups.map(\.label))) rotate by 35 right
      set grid ytics linecolor rgb '#dddddd'
      plot $boxes using 1:2:3:4:5 with candlesticks linewidth 1.5 linecolor rgb '\(Palette.blue)' \
        whiskerbars 0.5, \
        $boxes using ($1 - 0.3):6:(0.6):(0) with vectors nohead linewidth 4 linecolor rgb '\(Palette.blue)'
      """)
    return Picture(name, caption: caption, width: 420, height: 340, script: script)
  }

  /// Points in a plane, a colour and a mark for each label.
  static func scatter(
    _ name: String, caption: String, axes: (String, String),
    groups: [(label: String, points: [[Double]])]
  ) -> Picture {
    var script = GnuplotScript()
    for (place, group) in groups.enumerated() {
      script.data("group\(place)", group.points.isEmpty ? [[.nan, .nan]] : group.points)
    }
    let plots = groups.enumerated().map { place, group in
      "$group\(place) using 1:2 with points pointtype \(Palette.mark(of: group.label)) pointsize 0.5 "
        + "linecolor rgb '\(Palette.colour(of: group.label))' title \(GnuplotScript.quoted(group.label))"
    }
    script.add(
      """
      set xlabel \(GnuplotScript.quoted(axes.0))
      set ylabel \(GnuplotScript.quoted(axes.1))
      set key outside right center samplen 1
      plot \(plots.joined(separator: ", "))
      """)
    return Picture(name, caption: caption, width: 760, height: 520, script: script)
  }
}
