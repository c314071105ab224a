import Features
import Foundation
import Testing
import Voices

@Suite("A voice profile")
struct VoiceProfileTests {
  private func profile(
    _ probabilities: [Float], model: String = "a", level: Float = -40, seconds: Double = 2
  ) -> VoiceProfile {
    VoiceProfile(
      model: model, seconds: seconds,
      style: BandStyle(means: [level, level - 10], deviations: [4, 6]),
      logits: probabilities.map { 3 + log($0) })
  }

  private let sad: [Float] = [0.9, 0.05, 0.05]
  private let happy: [Float] = [0.05, 0.9, 0.05]

  @Test("is the mean of its recordings, whatever their order")
  func mean() throws {
    let parts = [profile(sad, level: -40), profile(happy, level: -50), profile(sad, level: -60)]
    let one = try #require(parts[0].joined(with: parts[1])?.joined(with: parts[2]))
    let other = try #require(parts[2].joined(with: parts[0])?.joined(with: parts[1]))
    for joined in [one, other] {
      #expect(joined.clips == 3 && joined.seconds == 6 && joined.model == "a")
      let style = try #require(joined.style)
      #expect(abs(style.means[0] + 50) < 1e-4 && abs(style.means[1] + 60) < 1e-4)
      #expect(abs(joined.probabilities[0] - (0.9 + 0.05 + 0.9) / 3) < 1e-6)
      #expect(abs(joined.logits.reduce(0, +)) < 1e-5, "an offset of all labels says nothing")
    }
  }

  @Test("of another model joins with none")
  func otherModel() {
    #expect(profile(sad).joined(with: profile(sad, model: "b")) == nil)
  }

  @Test("of recordings that sound alike is not trusted: what they share may be their emotion")
  func alike() throws {
    let alike = try (1..<8).reduce(profile(sad)) { joined, _ in
      try #require(joined.joined(with: profile(sad)))
    }
    #expect(alike.clips == 8 && abs(alike.trust) < 1e-6)
  }

  @Test("of recordings that differ is trusted the more, the more there are")
  func trust() throws {
    let two = try #require(profile(sad).joined(with: profile(happy)))
    let four = try #require(two.joined(with: two))
    // The entropy of the mean is 0.857 nats, that of each 0.394: 0.463 of the 0.5 that are enough.
    #expect(abs(two.trust - 0.926 * 2 / 10) < 0.002)
    #expect(abs(four.trust - 0.926 * 4 / 12) < 0.002)
  }
}
