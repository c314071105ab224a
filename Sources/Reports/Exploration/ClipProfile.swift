import Corpora
import Evaluation
import Glibc
import SignalProcessing

/// A clip in a few numbers.
struct ClipProfile: Sendable {
  let clip: Clip
  /// Seconds
  let duration: Double
  /// Median, Hz; nil when no frame is voiced.
  let pitch: Double?
  /// From the 10th to the 90th percentile, in semitones.
  let pitchRange: Double?
  /// Fraction of the frames within 35 dB of the loudest that are voiced.
  let voicedShare: Double
  /// Mean over those frames, dB of full scale.
  let level: Double
  /// Median over those frames, Hz.
  let centroid: Double
  /// Means and deviations of the cepstral coefficients but the first.
  let timbre: [Double]

  init(_ clip: Clip, _ analysis: ClipAnalysis) {
    self.clip = clip
    duration = analysis.duration
    let loudest = analysis.level.max() ?? 0
    let sounding = analysis.level.indices.filter { analysis.level[$0] > loudest - 35 }
    let voiced = analysis.pitch.compactMap { $0.map(Double.init) }.sorted()
    pitch = voiced.isEmpty ? nil : quantile(voiced, 0.5)
    pitchRange =
      voiced.isEmpty ? nil : 12 * log2(quantile(voiced, 0.9) / quantile(voiced, 0.1))
    voicedShare = Double(voiced.count) / Double(max(sounding.count, 1))
    level = mean(sounding.map { Double(analysis.level[$0]) })
    let centroids = sounding.filter { $0 < analysis.centroid.count }
      .map { Double(analysis.centroid[$0]) }.sorted()
    centroid = centroids.isEmpty ? 0 : quantile(centroids, 0.5)
    timbre = (1..<analysis.mfcc.width).flatMap { coefficient -> [Double] in
      let values = sounding.filter { $0 < analysis.mfcc.count }
        .map { Double(analysis.mfcc[$0, coefficient]) }
      let centre = mean(values)
      return [centre, sqrt(mean(values.map { ($0 - centre) * ($0 - centre) }))]
    }
  }

  /// What the projection looks at. A clip without voiced frames counts as having the pitch given.
  func vector(pitchless: Double) -> [Double] {
    [log2(pitch ?? pitchless), pitchRange ?? 0, voicedShare, level, log2(max(centroid, 1))] + timbre
  }
}
