import Features
import Glibc

extension VoiceProfile {
  /// Its means as one list of numbers: those of the style, means before deviations, the logits, the probabilities, the entropy.
  package var statistics: [Float] {
    (style?.means ?? []) + (style?.deviations ?? []) + logits + probabilities + [entropy]
  }

  /// Takes what somebody kept of a profile, who may have changed it.
  /// - Parameters:
  ///   - seconds: Of speech.
  ///   - labels: How many the model has.
  ///   - rows: Of the style; 0 where the model has no use for one.
  /// - Returns: nil where these are no means of recordings.
  package init?(
    model: String, clips: Int, seconds: Double, statistics: [Float], labels: Int, rows: Int
  ) {
    guard 1...Self.mostClips ~= clips, 0...Self.mostSeconds ~= seconds,
      statistics.count == 2 * rows + 2 * labels + 1,
      statistics.allSatisfy({ $0.magnitude <= Self.largest })
    else { return nil }
    let style = BandStyle(
      means: Array(statistics[..<rows]), deviations: Array(statistics[rows..<2 * rows]))
    let answers = Array(statistics[(2 * rows)...])
    let probabilities = Array(answers[labels..<2 * labels])
    guard style.deviations.allSatisfy({ $0 >= 0 }), probabilities.allSatisfy({ $0 >= 0 }),
      abs(probabilities.reduce(0, +) - 1) < 0.01,
      0...log(Float(labels)) + 0.01 ~= answers[2 * labels]
    else { return nil }
    self.init(
      model: model, clips: clips, seconds: seconds, style: rows > 0 ? style : nil,
      logits: Array(answers[..<labels]), probabilities: probabilities, entropy: answers[2 * labels])
  }

  private static let mostClips = 1_000_000
  private static let mostSeconds = 1e9
  /// No level in decibels and no logit is larger.
  private static let largest: Float = 1000
}
