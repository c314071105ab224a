import AudioCodecs
import AudioIO
import Testing

@Suite("limits")
struct LimitsTests {
  @Test("the defaults are part of the contract")
  func defaults() {
    let limits = AudioLimits()
    #expect(limits.maximumDuration == 600)
    #expect(limits.maximumChannels == 64)
    #expect(limits.sampleRates == 4_000...192_000)
  }

  @Test(
    "every rate from 4 to 192 kHz is decoded",
    arguments: [
      4_000, 8_000, 11_025, 16_000, 22_050, 24_414, 32_000, 44_100, 48_000, 96_000, 192_000,
    ])
  func rates(_ rate: Int) throws {
    let bytes = try sine(rate: rate).wavFile(encoding: .pcm16)
    let audio = try AudioDecoder().decode(bytes)
    #expect(audio.waveform.sampleRate == rate)
    #expect(ToneFit(audio.waveform).signalToNoise > 80)
  }

  @Test("a rate outside is refused with the rate", arguments: [1, 3_999, 192_001, 2_000_000_000])
  func badRates(_ rate: Int) throws {
    let bytes = try Waveform(samples: [0, 0.1], sampleRate: rate).wavFile(encoding: .pcm16)
    #expect(throws: AudioError.sampleRate(rate, allowed: 4_000...192_000)) {
      try AudioDecoder().decode(bytes)
    }
  }

  @Test("more channels than allowed are refused with their number")
  func channels() throws {
    let decoder = AudioDecoder(limits: AudioLimits(maximumChannels: 1))
    #expect(throws: AudioError.channels(2, allowed: 1...1)) {
      try decoder.decode(fixture("wav_16_stereo"))
    }
  }

  @Test("a recording of just the longest duration passes, one frame more does not")
  func duration() throws {
    let decoder = AudioDecoder(limits: AudioLimits(maximumDuration: 0.25))
    let exact = sine(rate: 8000)
    #expect(try decoder.decode(exact.wavFile(encoding: .pcm16)).waveform.duration == 0.25)
    let longer = Waveform(samples: exact.samples + [0], sampleRate: 8000)
    #expect(throws: AudioError.tooLong(maximum: 0.25)) {
      try decoder.decode(longer.wavFile(encoding: .pcm16))
    }
  }

  @Test(
    "a float sample that is no sound is refused with its frame",
    arguments: [Float.nan, .infinity, -.infinity, 1e30])
  func invalid(_ value: Float) throws {
    var waveform = sine(rate: 8000, seconds: 1)
    waveform.samples[5000] = value
    #expect(throws: AudioError.invalidSample(frame: 5000)) {
      try AudioDecoder().decode(waveform.wavFile(encoding: .float))
    }
  }

  @Test("integers stored as floats pass as they are")
  func largeFloats() throws {
    let waveform = Waveform(samples: [32767, -32768, 2_147_483_648], sampleRate: 8000)
    #expect(try AudioDecoder().decode(waveform.wavFile(encoding: .float)).waveform == waveform)
  }
}
