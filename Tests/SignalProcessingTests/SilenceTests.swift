import Foundation
import SignalProcessing
import Testing

@Suite("Silence above a noise floor")
struct SilenceTests {
  private func silence(margin: Double?) throws -> Silence {
    try Silence(decibels: 38, margin: margin, frameLength: 400, hopLength: 160)
  }

  /// Half a second of noise in the middle of two, over a hiss so many dB below it.
  private func burst(hiss: Float) -> [Float] {
    zip(noise(32_000), 0..<32_000).map {
      $0 * (12_000..<20_000 ~= $1 ? 0.5 : 0.5 * pow(10, -hiss / 20))
    }
  }

  @Test("is cut off however loud the hiss is", arguments: [20, 30, 60] as [Float])
  func hiss(level: Float) throws {
    let samples = burst(hiss: level)
    let sound = try silence(margin: 10).trimmed(samples.span)
    #expect(abs(sound.lowerBound - 12_000) <= 400 && abs(sound.upperBound - 20_000) <= 400)
    // Without a margin only what is quiet enough is silence, as librosa says.
    let plain = try silence(margin: nil).trimmed(samples.span)
    #expect(plain == (level > 38 ? sound : 0..<32_000))
  }

  @Test("takes nothing from a recording that is equally loud throughout")
  func even() throws {
    #expect(try silence(margin: 10).trimmed(noise(16_000).span) == 0..<16_000)
  }

  @Test("takes of speech without pauses no more than its softest, 15 dB below the loudest")
  func ramp() throws {
    // From -40 dB to full scale within a second: half of it is louder than -20 dB.
    let samples = zip(noise(16_000), 0..<16_000).map {
      $0 * pow(10, -2 + 2 * Float($1) / 16_000)
    }
    let start = try silence(margin: 30).trimmed(samples.span).lowerBound
    #expect(abs(Float(start) / 16_000 - 25 / 40) < 0.08, "\(start)")
    #expect(try silence(margin: nil).trimmed(samples.span).lowerBound < 2000)
  }

  @Test("of no samples is nothing")
  func none() throws {
    #expect(try silence(margin: 10).trimmed([Float]().span) == 0..<0)
  }
}
