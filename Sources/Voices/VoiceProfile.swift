package import Features
import Glibc
import LinearAlgebra

/// What a few recordings of a person say about the voice: means over them, and no sound.
///
/// Two people say the same sentence in the same mood differently, and a network that knows neither takes some of that for a mood.
/// A profile tells what the person's recordings have in common, so that it can be taken off. Profiles can be put together; nothing
/// of a person's words or of a single recording is in one.
public struct VoiceProfile: Sendable, Equatable {
  /// SHA-256 of the weights file that it belongs to.
  public let model: String
  /// Recordings in it; of a long one, each stretch of a few seconds counts as one.
  public let clips: Int
  /// Of speech.
  public let seconds: Double
  /// How the front end's map lies, where the model can use it.
  package let style: BandStyle?
  /// Mean logits, each recording's own mean taken off; one a label.
  package let logits: [Float]
  /// Mean probabilities; one a label.
  package let probabilities: [Float]
  /// The mean of the single recordings' entropies, nats.
  package let entropy: Float

  /// The earlier recordings' that count half: as many as these, and the profile goes half of the way.
  private static let halfway: Float = 8
  /// Nats from which recordings are as diverse as need be.
  private static let diverse: Float = 0.5

  /// How far to go, from 0 to 1: further with more recordings, and with recordings that differ.
  ///
  /// What recordings of one emotion have in common is that emotion, and is not to be taken off. How much they differ is the mutual
  /// information of recording and label: the entropy of the mean probabilities less the mean entropy.
  package var trust: Float {
    let information = Self.entropy(of: probabilities) - entropy
    return max(0, min(1, information / Self.diverse)) * Float(clips)
      / (Float(clips) + Self.halfway)
  }

  /// Both together. The order makes no difference, rounding aside.
  /// - Returns: nil where they belong to different models.
  public func joined(with other: VoiceProfile) -> VoiceProfile? {
    guard model == other.model, logits.count == other.logits.count else { return nil }
    let weight = Float(Double(clips) / Double(clips + other.clips))
    func mean(_ own: Float, _ others: Float) -> Float { weight * own + (1 - weight) * others }
    return VoiceProfile(
      model: model, clips: clips + other.clips, seconds: seconds + other.seconds,
      style: other.style.flatMap { style?.mean(with: $0, weight: weight) },
      logits: zip(logits, other.logits).map(mean),
      probabilities: zip(probabilities, other.probabilities).map(mean),
      entropy: mean(entropy, other.entropy))
  }
}

extension VoiceProfile {
  /// Moves a map from the speaker's sound towards the mean speaker's, as far as the profile is trusted.
  package func adapt(_ map: inout FeatureMap, to mean: BandStyle) {
    if let style { map.move(from: style, to: mean, fraction: trust) }
  }

  /// Takes off what the answers to the speaker's recordings have in common, as far as the profile is trusted.
  /// - Parameter logits: One a label.
  package func adapt(_ logits: inout [Float]) {
    for place in logits.indices { logits[place] -= trust * self.logits[place] }
  }

  /// Of one recording.
  /// - Parameters:
  ///   - seconds: Of speech.
  ///   - logits: As the network gives them, whatever calibrates them later.
  package init(model: String, seconds: Double, style: BandStyle?, logits: [Float]) {
    let mean = logits.reduce(0, +) / Float(logits.count)
    var probabilities = logits
    probabilities.updateAll { softmax(&$0) }
    self.init(
      model: model, clips: 1, seconds: seconds, style: style, logits: logits.map { $0 - mean },
      probabilities: probabilities, entropy: Self.entropy(of: probabilities))
  }

  /// Nats.
  private static func entropy(of probabilities: [Float]) -> Float {
    probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
  }
}
