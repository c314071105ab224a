import AudioIO
import Foundation
import Testing

@Suite("channels that cancel each other")
struct ChannelMixerTests {
  private static let rate = 16_000

  private func wave(_ frequency: Float = 300, seconds: Int = 2) -> [Float] {
    (0..<seconds * Self.rate).map { 0.5 * sin(2 * .pi * frequency * Float($0) / Float(Self.rate)) }
  }

  private func noise(_ seed: UInt64, _ count: Int) -> [Float] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float.random(in: -0.3...0.3, using: &random) }
  }

  private func stereo(_ left: [Float], _ right: [Float]) -> [UInt8] {
    zip(left, right).flatMap { [$0, $1] }.flatMap { sample -> [UInt8] in
      let value = Int16(sample * 32_767)
      return [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }
  }

  /// What is stored.
  private func stored(_ samples: [Float]) -> [Float] {
    samples.map { Float(Int16($0 * 32_767)) / 32_768 }
  }

  private func mixed(_ left: [Float], _ right: [Float]) throws -> [Float] {
    let raw = RawPCM(sampleRate: Self.rate, channels: 2)
    return try AudioDecoder().decode(stereo(left, right), as: raw).waveform.samples
  }

  @Test("what one wire swapped would silence comes out as it went in")
  func opposite() throws {
    let left = wave()
    let mixed = try mixed(left, left.map { -$0 })
    #expect(mixed.count == left.count)
    #expect(zip(mixed, stored(left)).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("however short it is", arguments: [1, 100, 1599, 1600, 1601, 3200])
  func short(_ count: Int) throws {
    let left = Array(wave(290).dropFirst(5).prefix(count))
    let (mixed, expected) = (try mixed(left, left.map { -$0 }), stored(left))
    #expect(mixed.count == count)
    #expect(zip(mixed, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("of two that nearly cancel the louder one is taken")
  func louder() throws {
    let left = wave()
    let right = left.map { -0.9 * $0 }
    let expected = stored(left)
    for mixed in try [mixed(left, right), mixed(right, left)] {
      #expect(zip(mixed, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test("ordinary stereo is averaged to the bit")
  func ordinary() throws {
    let (voice, silence) = (wave(), [Float](repeating: 0, count: 2 * Self.rate))
    let (first, second) = (noise(1, voice.count), noise(2, voice.count))
    for (left, right) in [
      (voice, voice), (voice, silence), (silence, voice), (first, second), (silence, silence),
      (voice, first), (voice, voice.map { -0.6 * $0 }), (zip(voice, first).map(+), voice),
      (wave(300), wave(500)),
    ] {
      let mean = zip(stored(left), stored(right)).map { (0 + $0 + $1) * 0.5 }
      #expect(try mixed(left, right) == mean)
    }
  }

  @Test("it begins and ends in the middle of a recording, without a click")
  func changes() throws {
    let left = wave(seconds: 6)
    let right = left.enumerated().map { index, sample in
      2 * Self.rate..<4 * Self.rate ~= index ? -sample : sample
    }
    let (mixed, expected) = (try mixed(left, right), stored(left))
    let late = Array(3 * Self.rate..<4 * Self.rate) + Array(5 * Self.rate..<6 * Self.rate)
    #expect(late.allSatisfy { abs(mixed[$0] - expected[$0]) < 1e-6 })
    let steepest = zip(mixed, mixed.dropFirst()).map { abs($0 - $1) }.max() ?? 1
    // 300 Hz at half of full scale rises by 0.059 at most.
    #expect(steepest < 0.07)
  }

  @Test("how the bytes come makes no difference")
  func pieces() throws {
    let left = zip(wave(), noise(3, 2 * Self.rate)).map { $0 + 0.01 * $1 }
    let bytes = stereo(left, left.map { -$0 })
    let raw = RawPCM(sampleRate: Self.rate, channels: 2)
    let whole = try AudioDecoder().decode(bytes, as: raw).waveform.samples
    var stream = try AudioStream(ForwardSource(bytes: bytes), as: raw)
    var samples: [Float] = []
    while try stream.read(into: &samples) > 0 {}
    #expect(samples == whole)
  }

  @Test("a decoder's channels are mixed in the same way")
  func decoded() throws {
    let left = wave()
    let bytes = stereo(left, left.map { -$0 })
    // AU: 24 bytes of header, an open size, 16 bits.
    let header: [UInt8] =
      Array(".snd".utf8) + [0, 0, 0, 24, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 3]
      + [0, 0, 0x3E, 0x80, 0, 0, 0, 2]
    let decoded = try AudioDecoder().decode(header + bytes)
    #expect(decoded.description.format == "AU/PCM_16")
    #expect(try decoded.waveform.samples == mixed(left, left.map { -$0 }))
  }

  @Test("of sixty-four channels with sound in one, or another in each, the mean is taken")
  func many() throws {
    let count = Self.rate / 2
    for isAlone in [true, false] {
      let channels = (0..<64).map { channel in
        isAlone && channel > 0
          ? [Float](repeating: 0, count: count) : noise(UInt64(channel + 1), count)
      }
      let bytes = (0..<count).flatMap { frame in
        channels.flatMap { channel -> [UInt8] in
          let value = Int16(channel[frame] * 32_767)
          return [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
        }
      }
      let raw = RawPCM(sampleRate: Self.rate, channels: 64)
      let mixed = try AudioDecoder().decode(bytes, as: raw).waveform.samples
      let stored = channels.map(stored)
      let mean = (0..<count).map { frame in
        stored.reduce(Float(0)) { $0 + $1[frame] } * (1 / 64)
      }
      #expect(mixed == mean)
    }
  }

  @Test("one channel of several, and each, come as they were stored")
  func selected() throws {
    let (left, right) = (wave(300), wave(500))
    let raw = RawPCM(sampleRate: Self.rate, channels: 2)
    func read(_ channels: ChannelSelection) throws -> [Float] {
      var stream = try AudioStream(
        ForwardSource(bytes: stereo(left, right)), as: raw, channels: channels)
      var samples: [Float] = []
      while try stream.read(into: &samples) > 0 {}
      #expect(stream.description.frames == left.count)
      return samples
    }
    #expect(try read(.one(0)) == stored(left))
    #expect(try read(.one(1)) == stored(right))
    #expect(try read(.each) == zip(stored(left), stored(right)).flatMap { [$0, $1] })
    #expect(throws: AudioError.noChannel(2, channels: 2)) { try read(.one(2)) }
  }

  @Test("separate channels count as so much more sound, and are eight at most")
  func cost() throws {
    let bytes = [UInt8](repeating: 1, count: 9 * 2 * Self.rate)
    for (channels, seconds) in [(ChannelSelection.mix, 4.5), (.one(1), 4.5), (.each, 9)] {
      let budget = ProcessorBudget()
      let raw = RawPCM(sampleRate: Self.rate, channels: 2)
      var stream = try AudioStream(
        MemorySource(bytes), as: raw, channels: channels, budget: budget)
      var samples: [Float] = []
      while try stream.read(into: &samples) > 0 {}
      #expect(abs(budget.seconds - seconds) < 1e-9)
    }
    #expect(throws: AudioError.channels(9, allowed: 1...8)) {
      _ = try AudioStream(
        MemorySource(bytes), as: RawPCM(sampleRate: Self.rate, channels: 9), channels: .each
      ).signals
    }
  }

  /// A tone that swells and fades twice a second, and pauses at the times that are given.
  private func voice(_ frequency: Float, seconds: Int, isHeard: (Float) -> Bool) -> [Float] {
    wave(frequency, seconds: seconds).enumerated().map { index, sample in
      let time = Float(index) / Float(Self.rate)
      return isHeard(time) ? sample * abs(sin(2 * .pi * time)) : 0
    }
  }

  @Test("voices that take turns differ; one voice in both channels, or in one, does not")
  func turns() throws {
    func mixesVoices(_ left: [Float], _ right: [Float]) throws -> Bool {
      let raw = RawPCM(sampleRate: Self.rate, channels: 2)
      return try AudioDecoder().decode(stereo(left, right), as: raw).description.mixesVoices
    }
    let caller = voice(150, seconds: 6) { $0 < 3 }
    let called = voice(220, seconds: 6) { $0 >= 3 }
    let (silence, hiss) = ([Float](repeating: 0, count: caller.count), noise(7, caller.count))
    #expect(try mixesVoices(caller, called))
    #expect(try mixesVoices(caller.map { 0.1 * $0 }, called))
    #expect(try mixesVoices(zip(caller, hiss).map { $0 + 0.01 * $1 }, called))
    let both = zip(caller, called).map(+)
    let late = [Float](repeating: 0, count: 320) + both.dropLast(320)
    for (left, right) in [
      (both, both), (both, both.map { -0.1 * $0 }), (both, late), (both, silence), (both, hiss),
      (caller, silence), (silence, silence),
      (zip(both, hiss).map { $0 + 0.1 * $1 }, zip(both, hiss.reversed()).map { $0 + 0.1 * $1 }),
    ] {
      #expect(try !mixesVoices(left, right))
      #expect(try !mixesVoices(right, left))
    }
  }
}
