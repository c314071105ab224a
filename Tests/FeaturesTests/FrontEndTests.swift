import AudioIO
import Features
import SignalProcessing
import Testing

@Suite("The front end")
struct FrontEndTests {
  @Test("has a frame every 10 ms, 80 bands and one channel by default")
  func shape() throws {
    let map = try FrontEnd()(tone(seconds: 1))
    #expect(map.frames == 101 && map.bands == 80 && map.channels == 1)
  }

  @Test("refuses what is too short, before and after trimming", arguments: [0, 1, 100, 3999])
  func tooShort(count: Int) throws {
    let quiet = [Float](repeating: 0, count: 16_000)
    let short = Array(tone(seconds: 1).samples.prefix(count))
    let frontEnd = try FrontEnd()
    for samples in [short, quiet + short.prefix(2000) + quiet] {
      #expect { try frontEnd(Waveform(samples: samples, sampleRate: 16_000)) } throws: { error in
        switch error as? FeatureError {
        case .tooShort(let duration, let minimum): duration < minimum
        case .silent: samples.allSatisfy { $0 == 0 }
        default: false
        }
      }
    }
  }

  @Test("refuses silence", arguments: [0, 1e-30, 1e-5] as [Float])
  func silence(level: Float) throws {
    let frontEnd = try FrontEnd()
    #expect(throws: FeatureError.silent) { try frontEnd(tone(seconds: 1, amplitude: level)) }
  }

  @Test("refuses samples that are not numbers", arguments: [Float.nan, .infinity, -.infinity])
  func nonFinite(sample: Float) throws {
    var waveform = tone(seconds: 1)
    waveform.samples[7777] = sample
    let frontEnd = try FrontEnd()
    #expect(throws: FeatureError.nonFiniteSamples) { try frontEnd(waveform) }
  }

  @Test("gives finite features at any level it takes", arguments: [2e-4, 1, 1e4, 1e9] as [Float])
  func levels(level: Float) throws {
    let map = try FrontEnd()(tone(seconds: 1, amplitude: level))
    #expect(map.values.allSatisfy { $0.isFinite })
    #expect(throws: FeatureError.samplesTooLarge(peak: 2e9)) {
      try FrontEnd()(Waveform(samples: [Float](repeating: 2e9, count: 16_000), sampleRate: 16_000))
    }
  }

  @Test("cuts silence off at both ends")
  func trimming() throws {
    let quiet = [Float](repeating: 0, count: 16_000)
    let padded = Waveform(samples: quiet + tone(seconds: 1).samples + quiet, sampleRate: 16_000)
    #expect((101...106).contains(try FrontEnd()(padded).frames))
    var untrimmed = FrontEndConfiguration()
    untrimmed.trim = nil
    #expect(try FrontEnd(untrimmed)(padded).frames == 301)
  }

  @Test("brings other rates to its own", arguments: [8000, 22_050, 44_100, 48_000])
  func resampling(rate: Int) throws {
    #expect(try FrontEnd()(tone(seconds: 1, rate: rate)).frames == 101)
  }

  @Test("a recording of its own rate is not resampled; one of a rate that no sound has is refused")
  func rates() throws {
    let sound = tone(seconds: 0.1)
    #expect(try sound.resampled(to: 16_000) == sound)
    #expect(
      throws: FeatureError.resampling(.sampleRate(999, allowed: Resampler.sampleRates))
    ) { try sound.resampled(to: 999) }
  }

  @Test("gives the same map to callers side by side")
  func concurrency() async throws {
    let frontEnd = try FrontEnd()
    let waveform = tone(seconds: 1)
    let expected = try frontEnd(waveform)
    try await withThrowingTaskGroup(of: FeatureMap.self) { group in
      for _ in 0..<8 { group.addTask { try frontEnd(waveform) } }
      for try await map in group { #expect(map == expected) }
    }
  }
}

/// A buzz with overtones.
func tone(seconds: Double, amplitude: Float = 0.3, rate: Int = 16_000) -> Waveform {
  let count = Int(seconds * Double(rate))
  let samples = (0..<count).map { i in
    let phase = Float(i) * 150 / Float(rate)
    return amplitude * (2 * (phase - phase.rounded(.down)) - 1)
  }
  return Waveform(samples: samples, sampleRate: rate)
}
