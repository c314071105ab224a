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

  @Test("comes back from its statistics")
  func statistics() throws {
    let two = try #require(profile(sad).joined(with: profile(happy)))
    let read = VoiceProfile(
      model: "a", clips: 2, seconds: 4, statistics: two.statistics, labels: 3, rows: 2)
    #expect(read == two)
  }

  @Test(
    "is not made of statistics that no recordings have",
    arguments: [
      (0, Float.nan), (1, .infinity), (2, -1), (4, 2000), (7, -0.5), (8, 0.9), (10, 3), (10, -0.1),
    ])
  func unbelievable(place: Int, value: Float) {
    var statistics = profile(sad).statistics
    #expect(statistics.count == 11)
    statistics[place] = value
    #expect(
      VoiceProfile(
        model: "a", clips: 1, seconds: 2, statistics: statistics, labels: 3, rows: 2) == nil)
  }

  @Test("is not made of other counts")
  func counts() {
    let statistics = profile(sad).statistics
    func read(clips: Int = 1, seconds: Double = 2, labels: Int = 3, rows: Int = 2) -> VoiceProfile?
    {
      VoiceProfile(
        model: "a", clips: clips, seconds: seconds, statistics: statistics, labels: labels,
        rows: rows)
    }
    #expect(read() != nil)
    #expect(read(clips: 0) == nil && read(clips: .max) == nil)
    #expect(read(seconds: -1) == nil && read(seconds: .nan) == nil)
    #expect(read(labels: 4) == nil && read(rows: 1) == nil && read(rows: 0) == nil)
  }
}
