import AudioCodecs
import AudioIO
import Augmentation
import Corpora
import Foundation
import LinearAlgebra
import Testing

/// A sum of sines of these frequencies and amplitudes, Hz.
private func tones(_ tones: [(Double, Double)], rate: Int = 16_000, seconds: Double = 1)
  -> Waveform
{
  Waveform(
    samples: (0..<Int(Double(rate) * seconds)).map { n in
      Float(tones.reduce(0) { $0 + $1.1 * sin(2 * .pi * $1.0 * Double(n) / Double(rate)) })
    }, sampleRate: rate)
}

/// How much of a sine there is in the middle half of a sound.
private func amplitude(of frequency: Double, in sound: Waveform) -> Double {
  let middle = sound.samples.count / 4..<sound.samples.count * 3 / 4
  var (sine, cosine) = (0.0, 0.0)
  for n in middle {
    let angle = 2 * Double.pi * frequency * Double(n) / Double(sound.sampleRate)
    sine += Double(sound.samples[n]) * sin(angle)
    cosine += Double(sound.samples[n]) * cos(angle)
  }
  return 2 * (sine * sine + cosine * cosine).squareRoot() / Double(middle.count)
}

private func power(_ samples: some Collection<Float>) -> Double {
  samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(samples.count, 1))
}

private func applied(
  _ degradation: Degradation, to sound: Waveform, babbleSpeakers: [Waveform] = [], seed: UInt64 = 1
) throws -> Waveform {
  var random = RandomSource(seed: seed)
  return try degradation.applied(to: sound, babbleSpeakers: babbleSpeakers, &random)
}

@Suite("A degradation")
struct ConditionTests {
  @Test("is written as it is read", arguments: Degradation.all + [.white(-5), .room(10)])
  func text(_ degradation: Degradation) throws {
    #expect(Degradation(degradation.description) == degradation)
    let json = try JSONEncoder().encode([degradation])
    #expect(String(decoding: json, as: UTF8.self) == "[\"\(degradation)\"]")
    #expect(try JSONDecoder().decode([Degradation].self, from: json) == [degradation])
  }

  @Test(
    "that is none is refused",
    arguments: [
      "", "telephone:1", "mp3", "mp3:7", "white:x", "white:1000", "room:0", ":", "rain:3",
    ])
  func none(_ text: String) throws {
    #expect(Degradation(text) == nil)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Degradation].self, from: JSONEncoder().encode([text]))
    }
  }

  @Test("gives finite sound, the same for the same numbers", arguments: Degradation.all)
  func deterministic(_ degradation: Degradation) throws {
    let sound = tones([(220, 0.2), (440, 0.1), (2500, 0.05)], rate: 24_000)
    let babbleSpeakers = [tones([(300, 0.3)]), tones([(170, 0.1)], rate: 8000)]
    let once = try applied(degradation, to: sound, babbleSpeakers: babbleSpeakers)
    #expect(once != sound)
    #expect(once.samples.allSatisfy { $0.isFinite })
    #expect(try applied(degradation, to: sound, babbleSpeakers: babbleSpeakers) == once)
    // Hardly shorter, and longer where there is an echo or silence.
    #expect(once.duration > 0.99)
  }

  @Test("telephone keeps its band and nothing else")
  func telephone() throws {
    let heard = try applied(
      .telephone, to: tones([(120, 0.2), (1000, 0.2), (3000, 0.2), (3700, 0.2), (6000, 0.2)]))
    #expect(heard.sampleRate == 8000)
    for kept in [1000.0, 3000] { #expect(abs(amplitude(of: kept, in: heard) - 0.2) < 0.01) }
    for lost in [120.0, 3700, 2000] { #expect(amplitude(of: lost, in: heard) < 0.004) }
    // 8 bits leave a hiss that was not there, some 38 dB down.
    let clean = tones([(1000, 0.2), (3000, 0.2)], rate: 8000)
    let middle = 2000..<6000
    let hiss = power(zip(heard.samples[middle], clean.samples[middle]).map { $0 - $1 })
    let ratio = 10 * log10(power(clean.samples[middle]) / hiss)
    #expect(28...45 ~= ratio, "\(ratio) dB")
  }

  @Test("MP3 keeps the sound and loses its finest detail")
  func mp3() throws {
    let sound = tones([(440, 0.3), (2000, 0.1)], rate: 24_000)
    let heard = try applied(.mp3(32), to: sound)
    #expect(heard.sampleRate == 24_000)
    #expect(abs(amplitude(of: 440, in: heard) - 0.3) < 0.02)
    #expect(abs(amplitude(of: 2000, in: heard) - 0.1) < 0.02)
    // A second of 32 kbit/s is 4 kB, and twice that at 64.
    let sizes = try [32, 64].map { try sound.mp3File(kilobits: $0).count }
    #expect(3500...5500 ~= sizes[0] && 7000...10_500 ~= sizes[1], "\(sizes)")
  }

  @Test("white noise lies as far below the sound as it says", arguments: [20, 10, -5])
  func white(ratio: Int) throws {
    let sound = tones([(440, 0.1)])
    let noisy = try applied(.white(ratio), to: sound)
    let noise = zip(noisy.samples, sound.samples).map { $0 - $1 }
    #expect(abs(10 * log10(power(sound.samples) / power(noise)) - Double(ratio)) < 0.1)
    // White: neighbours have nothing in common.
    let product = zip(noise, noise.dropFirst()).reduce(0.0) { $0 + Double($1.0 * $1.1) }
    #expect(abs(product / Double(noise.count) / power(noise)) < 0.03)
    #expect(try applied(.white(ratio), to: sound, seed: 2) != noisy)
  }

  @Test("babble is what the babbleSpeakers say, as far below the sound as it says")
  func babble() throws {
    let sound = tones([(3000, 0.1)], rate: 16_000, seconds: 3)
    let noisy = try applied(
      .babble(10), to: sound, babbleSpeakers: [tones([(400, 0.7)], rate: 8000)])
    let noise = zip(noisy.samples, sound.samples).map { $0 - $1 }
    #expect(abs(10 * log10(power(sound.samples) / power(noise)) - 10) < 0.1)
    // Six voices of one talker at speeds from 0.8 to 1.25, so between 320 and 500 Hz and at several places.
    let spectrum = stride(from: 100.0, to: 4000, by: 1).map {
      ($0, amplitude(of: $0, in: Waveform(samples: noise, sampleRate: 16_000)))
    }
    let loudest = spectrum.map(\.1).max() ?? 0
    let heard = spectrum.filter { $0.1 > loudest / 3 }.map(\.0)
    #expect(heard.allSatisfy { 318...502 ~= $0 })
    #expect((heard.max() ?? 0) - (heard.min() ?? 0) > 20)
  }

  @Test("a room leaves a tail of as much energy, which fades by 60 dB in the time it says")
  func room() throws {
    var click = [Float](repeating: 0, count: 16_000)
    click[0] = 1
    let heard = try applied(
      .room(500), to: Waveform(samples: click, sampleRate: 16_000)
    ).samples
    #expect(heard.count == 24_000 && heard[0] == 1)
    #expect(abs(power(heard.dropFirst()) * 23_999 - 1) < 1e-3)
    // 50 ms each: half as much as a tenth of a second, so 12 dB a pair.
    let levels = (0..<9).map { 10 * log10(power(heard[1 + $0 * 800..<801 + $0 * 800])) }
    for (earlier, later) in zip(levels, levels.dropFirst()) {
      #expect(abs(earlier - later - 6) < 1.5, "\(levels)")
    }
    #expect(heard[8100...].allSatisfy { $0 == 0 })
  }

  @Test("gain clips at full scale, and silence surrounds")
  func level() throws {
    let sound = Waveform(samples: [0.5, -0.05, 0.01], sampleRate: 1000)
    let louder = try applied(.gain(20), to: sound).samples
    #expect(zip(louder, [1, -0.5, 0.1] as [Float]).allSatisfy { abs($0 - $1) < 1e-6 })
    let quieter = try applied(.gain(-20), to: sound).samples
    #expect(zip(quieter, [0.05, -0.005, 0.001] as [Float]).allSatisfy { abs($0 - $1) < 1e-6 })
    let silence = [Float](repeating: 0, count: 2000)
    #expect(try applied(.silence(2000), to: sound).samples == silence + sound.samples + silence)
  }

  @Test(
    "of silence is silence", arguments: [Degradation.white(20), .babble(20), .room(500), .gain(20)])
  func nothing(_ degradation: Degradation) throws {
    let silence = Waveform(samples: .init(repeating: 0, count: 800), sampleRate: 8000)
    let heard = try applied(degradation, to: silence, babbleSpeakers: [tones([(300, 0.3)])])
    #expect(heard.samples.allSatisfy { $0 == 0 })
  }
}

@Suite("BabbleSpeakers")
struct TalkersTests {
  private let clips = (0..<30).map { index in
    Clip(path: "\(index % 3)/\(index).wav", corpus: "c", speaker: "\(index % 3)", label: "sad")
  }

  @Test("of training are the clip's own speaker in other clips, of measuring they are others")
  func choice() {
    let (same, others) = (
      BabbleSpeakers.same.paths(for: clips), BabbleSpeakers.others.paths(for: clips)
    )
    for (clip, (same, others)) in zip(clips, zip(same, others)) {
      #expect(same.count == 6 && others.count == 6)
      #expect(same.allSatisfy { $0.first == clip.path.first && $0 != clip.path })
      #expect(others.allSatisfy { $0.first != clip.path.first })
    }
    #expect(BabbleSpeakers.same.paths(for: clips) == same)
    #expect(Set(others).count > 20)
  }

  @Test("of a lonely clip is the clip itself")
  func lonely() {
    let lonely = [clips[0]]
    for babbleSpeakers in [BabbleSpeakers.same, .others] {
      #expect(babbleSpeakers.paths(for: lonely) == [.init(repeating: clips[0].path, count: 6)])
    }
  }
}
