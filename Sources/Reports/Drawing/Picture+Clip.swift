import Features
import SignalProcessing

extension Picture {
  /// One clip, panel above panel over the same time: waveform, mel spectrogram, MFCC, pitch.
  static func clip(_ analysis: ClipAnalysis, label: String, speaker: String) -> Picture {
    let loudest = Double(analysis.logMel.values.max() ?? 0)
    let coefficients = analysis.mfcc.values.enumerated()
      .filter { $0.offset % analysis.mfcc.width > 0 }.map { Double(abs($0.element)) }
    let largest = max(coefficients.max() ?? 1, 1e-3)
    // A clip may have no voiced frame: then gnuplot could not choose.
    let highest = analysis.pitch.compactMap { $0.map(Double.init) }.max().map { 1.1 * $0 } ?? 500
    var script = GnuplotScript()
    script.data("wave", envelope(analysis.samples, analysis.sampleRate))
    script.data("mel", cells(analysis.logMel, analysis.hopDuration))
    script.data("mfcc", cells(analysis.mfcc, analysis.hopDuration, skipping: 1))
    script.data("pitch", pitchRows(analysis))
    script.add(
      """
      set multiplot
      set lmargin at screen 0.10
      set rmargin at screen 0.87
      set xrange [0:\(analysis.duration)]
      set format x ''
      set tmargin at screen 0.94
      set bmargin at screen 0.80
      set title \(GnuplotScript.quoted("\(label), \(speaker)"))
      set ylabel 'amplitude'
      set yrange [-1:1]
      set ytics 1
      plot $wave using 1:2:3 with filledcurves linecolor rgb '\(Palette.blue)'
      unset title
      set border 15
      \(Palette.levels)
      set cbtics 20
      set cbrange [\(loudest - 70):\(loudest)]
      set tmargin at screen 0.77
      set bmargin at screen 0.53
      set ylabel 'frequency (kHz)'
      set yrange [-0.5:\(analysis.logMel.width).0-0.5]
      set ytics \(frequencyTics(analysis.melCentres))
      set colorbox user origin 0.885,0.53 size 0.02,0.24
      set cblabel 'dB' offset 1
      plot $mel using 1:2:3 with image
      set tmargin at screen 0.50
      set bmargin at screen 0.31
      set ylabel 'MFCC'
      set yrange [0.5:\(analysis.mfcc.width).0-0.5]
      set ytics 1,6
      set colorbox user origin 0.885,0.31 size 0.02,0.19
      set cblabel 'value' offset 1
      set cbtics autofreq
      set cbrange [\(-largest):\(largest)]
      plot $mfcc using 1:2:3 with image
      set border 3
      set tmargin at screen 0.28
      set bmargin at screen 0.09
      set format x '%g'
      set xlabel 'time (s)'
      set ylabel 'pitch (Hz)'
      set yrange [50:\(highest)]
      set ytics autofreq
      plot $pitch using 1:2 with points pointtype 7 pointsize 0.35 linecolor rgb '\(Palette.vermilion)'
      unset multiplot
      """)
    return Picture(
      "clip-\(label)",
      caption:
        "A clip of \(label): waveform, mel spectrogram, MFCC and the pitch of its voiced frames.",
      width: 640, height: 700, isRaster: true, script: script)
  }

  /// What the network saw of a clip, and above it how much each moment counted.
  static func attention(_ trace: AttentionTrace, name: String, title: String) -> Picture {
    var script = GnuplotScript()
    let map = trace.map
    let step = trace.frameDuration
    script.data(
      "map",
      (0..<map.frames).flatMap { t in
        (0..<map.bands).map { [Double(t) * step, Double($0), Double(map[t, $0, 0])] }
      })
    // Per cent of the attention in each tenth of a second, whatever the frames' length.
    let densities = trace.weights.map { 10 * Double($0) / step }
    script.data("attention", densities.enumerated().map { [Double($0) * step, $1] })
    script.add(
      """
      set multiplot
      set lmargin at screen 0.10
      set rmargin at screen 0.96
      set xrange [0:\(Double(map.frames) * step)]
      set format x ''
      set title \(GnuplotScript.quoted(title))
      set tmargin at screen 0.90
      set bmargin at screen 0.62
      set ylabel '% per 0.1 s'
      set yrange [0:*]
      set ytics \(tic(for: densities.max() ?? 1))
      plot $attention using 1:2 with filledcurves y1=0 linecolor rgb '\(Palette.vermilion)'
      unset title
      \(Palette.levels)
      set border 15
      unset colorbox
      set tmargin at screen 0.57
      set bmargin at screen 0.15
      set format x '%g'
      set xlabel 'time (s)'
      set ylabel 'feature band'
      set ytics 20
      set yrange [-0.5:\(map.bands).0-0.5]
      plot $map using 1:2:3 with image
      unset multiplot
      """)
    return Picture(
      name, caption: "Attention over time: \(title).", width: 600, height: 380, isRaster: true,
      script: script)
  }
}

/// Lowest and highest sample of each of about a thousand stretches, in seconds.
private func envelope(_ samples: [Float], _ rate: Int) -> [[Double]] {
  let step = max(1, samples.count / 1000)
  return stride(from: 0, to: samples.count, by: step).map { start in
    let part = samples[start..<min(start + step, samples.count)]
    return [
      Double(start) / Double(rate), Double(part.min() ?? 0), Double(part.max() ?? 0),
    ]
  }
}

private func cells(_ frames: Frames, _ step: Double, skipping first: Int = 0) -> [[Double]] {
  (0..<frames.count).flatMap { t in
    (first..<frames.width).map { [Double(t) * step, Double($0), Double(frames[t, $0])] }
  }
}

private func pitchRows(_ analysis: ClipAnalysis) -> [[Double]] {
  analysis.pitch.enumerated().map {
    [Double($0) * analysis.hopDuration, $1.map(Double.init) ?? .nan]
  }
}

/// A round distance of which a few reach `top`.
private func tic(for top: Double) -> Double {
  var step = 0.01
  // 1, 2 or 5 times a power of ten.
  for factor in [2, 2.5, 2, 2, 2.5, 2, 2, 2.5, 2, 2, 2.5, 2] where 4 * step < top { step *= factor }
  return step
}

/// The bands whose centres are nearest to whole kilohertz.
private func frequencyTics(_ centres: [Double]) -> String {
  let tics = [0.25, 0.5, 1, 2, 4, 8].compactMap { kilohertz -> String? in
    let nearest = centres.indices.min {
      abs(centres[$0] - 1000 * kilohertz) < abs(centres[$1] - 1000 * kilohertz)
    }
    guard let nearest, (centres.last ?? 0) >= 900 * kilohertz else { return nil }
    let text = kilohertz == kilohertz.rounded() ? "\(Int(kilohertz))" : "\(kilohertz)"
    return "\(GnuplotScript.quoted(text)) \(nearest)"
  }
  return "(" + tics.joined(separator: ", ") + ")"
}
