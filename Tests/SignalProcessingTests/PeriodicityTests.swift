import Foundation
import SignalProcessing
import TestSupport
import Testing

@Suite("periodicity")
struct PeriodicityTests {
  private let rate = 16_000

  private func noise(_ count: Int) -> [Float] {
    var random = UInt64(7)
    return (0..<count).map { _ in
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int32(truncatingIfNeeded: random >> 32)) / 0x1p31 * 0.1
    }
  }

  private func tone(_ frequency: Double, _ count: Int) -> [Float] {
    (0..<count).map { Float(0.5 * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
  }

  @Test("agrees with the autocorrelation summed lag by lag")
  func twin() throws {
    let periodicity = try Periodicity(sampleRate: rate)
    let samples = zip(noise(4000), tone(173, 4000)).map { $0 + $1 * 0.1 }
    let frames = periodicity(samples.span)
    #expect(frames.count == 1 + (4000 - 640) / 320)
    let averages = stride(from: 0, to: 4000, by: 4).map { start in
      samples[start..<start + 4].reduce(0) { $0 + Double($1) } / 4
    }
    let center = averages.reduce(0, +) / Double(averages.count)
    let window = (0..<160).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / 160) }
    func correlation(_ x: [Double], _ lag: Int) -> Double {
      (0..<x.count - lag).reduce(0) { $0 + x[$1] * x[$1 + lag] }
    }
    for (t, frame) in frames.enumerated() {
      let piece = samples[t * 320..<t * 320 + 640].map(Double.init)
      let mean = piece.reduce(0, +) / 640
      let x = zip(averages[t * 80..<t * 80 + 160], window).map { ($0 - center) * $1 }
      let values = (10...57).map { lag in
        correlation(x, lag) / correlation(x, 0)
          / (correlation(window, lag) / correlation(window, 0))
      }
      let best = values.max() ?? 0
      #expect(abs(Double(frame.periodicity) - (values[0] == best ? 0 : best)) < 1e-3)
      let power = piece.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 640
      #expect(abs(Double(frame.level) - 10 * log10(power)) < 1e-3)
    }
  }

  @Test("a tone in the range of voices is periodic, noise and a falling correlation are not")
  func extremes() throws {
    let periodicity = try Periodicity(sampleRate: rate)
    for frequency in [80.0, 150, 390] {
      #expect(periodicity(tone(frequency, 2000).span).allSatisfy { $0.periodicity > 0.95 })
    }
    #expect(periodicity(noise(16_000).span).allSatisfy { $0.periodicity < 0.5 })
    #expect(periodicity(tone(20, 2000).span).allSatisfy { $0.periodicity < 0.5 })
    let silence = periodicity([Float](repeating: 0, count: 700).span)
    #expect(silence.map(\.level) == [-120] && silence.map(\.periodicity) == [0])
    #expect(periodicity([Float](repeating: 1, count: 639).span).isEmpty)
  }

  @Test("settings that make no sense are refused")
  func settings() {
    #expect(throws: SignalError.self) { try Periodicity(sampleRate: 0) }
    #expect(throws: SignalError.self) { try Periodicity(sampleRate: 16_000, frameDuration: 0.01) }
    #expect(throws: SignalError.self) { try Periodicity(sampleRate: 16_000, pitch: 0...400) }
  }
}
