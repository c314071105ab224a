import Foundation
import SignalProcessing
import TestSupport
import Testing

/// What `librosa.yin` found, as `make_pitch_golden.py` wrote it down.
private struct PitchCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Options: Decodable, Sendable {
    let fmin: Double
    let fmax: Double
    let frameLength: Int
    let hopLength: Int
    let troughThreshold: Float?
  }

  let signal: String
  let options: Options
  /// Hz
  let pitch: [Float]

  var testDescription: String { signal }

  static let all: [PitchCase] = {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/pitch.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do { return try decoder.decode([PitchCase].self, from: Data(contentsOf: url)) } catch {
      fatalError("golden pitches are missing: \(error)")
    }
  }()

  var tracked: [PitchTracker.Pitch] {
    get throws {
      let tracker = try PitchTracker(
        sampleRate: Golden.all.rate(signal), low: options.fmin, high: options.fmax,
        frameLength: options.frameLength, hopLength: options.hopLength,
        threshold: options.troughThreshold ?? 0.1)
      return tracker(Golden.all.samples(signal).span)
    }
  }
}

@Suite("Pitch")
struct PitchTests {
  @Test("is librosa.yin's", arguments: PitchCase.all)
  fileprivate func golden(golden: PitchCase) throws {
    let found = try golden.tracked
    try #require(found.count == golden.pitch.count)
    // Between candidates that are equally good, rounding decides: rarely, and not where there is a voice.
    let apart = zip(found, golden.pitch).filter { abs($0.frequency / $1 - 1) > 1e-3 }
    #expect(apart.count * 20 <= found.count, "\(apart)")
    #expect(apart.allSatisfy { $0.0.aperiodicity > 0.05 }, "\(apart)")
  }

  @Test("of a tone is the tone's, and periodic", arguments: [70, 110.5, 220, 331.7, 590])
  func tone(frequency: Double) throws {
    let samples = (0..<16_000).map { n in
      let phase = 2 * Double.pi * frequency * Double(n) / 16_000
      return Float(0.5 * sin(phase) + 0.25 * sin(2 * phase + 1))
    }
    let pitches = try PitchTracker(sampleRate: 16_000)(samples.span)
    #expect(pitches.count == 101)
    for pitch in pitches[5...95] {
      #expect(abs(Double(pitch.frequency) / frequency - 1) < 0.01)
      #expect(pitch.aperiodicity < 0.2)
    }
  }

  @Test("of nothing is none, and of noise is not believed")
  func noise() throws {
    let tracker = try PitchTracker(sampleRate: 16_000)
    #expect(tracker([Float]().span).isEmpty)
    let noise = Golden.all.samples("noise16k")
    #expect(tracker(noise.span).allSatisfy { $0.aperiodicity > 0.4 && $0.frequency.isFinite })
  }

  @Test(
    "refuses what cannot be tracked",
    arguments: [(0, 65, 600, 1024), (16_000, 10, 600, 1024), (16_000, 65, 9000, 1024)]
      as [(Int, Double, Double, Int)])
  func refusals(rate: Int, low: Double, high: Double, frame: Int) {
    #expect(throws: SignalError.self) {
      try PitchTracker(sampleRate: rate, low: low, high: high, frameLength: frame)
    }
  }
}
