import AudioCodecs
import AudioIO
import Foundation
import Recognition
import TestSupport
import Testing

private let rate = 16_000

/// Numbers from -1 to 1, the same from the same seed.
private func noise(_ count: Int, seed: UInt64 = 1) -> [Float] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) / 0x1p31
  }
}

/// `sound()` as samples between -1 and 1.
private func voice(_ seconds: Double, rate: Int = rate) -> [Float] {
  sound(rate: rate, seconds: seconds).map { Float($0) / 32_768 }
}

/// Noise whose power falls with frequency, as wind's and traffic's does.
private func rumble(_ count: Int) -> [Float] {
  var level: Float = 0
  return noise(count, seed: 3).map { value in
    level = 0.98 * level + 0.02 * value
    return level
  }
}

private func hum(_ count: Int) -> [Float] {
  (0..<count).map { n in
    (1...7).reduce(0) { $0 + 0.05 / Float($1) * sin(2 * .pi * 50 * Float($1 * n % rate) / 16_000) }
  }
}

private func clicks(_ count: Int) -> [Float] {
  (0..<count).map { $0 % 5333 < 30 ? 0.8 * (1 - Float($0 % 5333) / 30) : 0 }
}

/// Sines together, on and off in turn.
private func signal(_ frequencies: [Float], on: Int, off: Int, _ count: Int) -> [Float] {
  (0..<count).map { n in
    guard n % (on + off) < on else { return 0 }
    return frequencies.reduce(0) { $0 + 0.2 * sin(2 * .pi * $1 * Float(n) / Float(rate)) }
  }
}

/// Notes with overtones that die away, a new one each quarter of a second.
private func notes(_ count: Int) -> [Float] {
  let scale: [Float] = [220, 246.9, 277.2, 293.7, 329.6, 370]
  return (0..<count).map { n in
    let (note, place) = n.quotientAndRemainder(dividingBy: rate / 4)
    let time = Float(place) / Float(rate)
    return (1...5).reduce(0) {
      $0 + 0.2 / Float($1) * sin(2 * .pi * scale[note % 6] * Float($1) * time) * exp(-4 * time)
    }
  }
}

@Suite("voice activity")
struct VoiceActivityTests {
  private let detector: VoiceActivityDetector
  init() throws { detector = try VoiceActivityDetector(sampleRate: rate) }

  @Test("a voice is speech, alone and in noise 10 dB below it")
  func voices() throws {
    let clean = voice(3)
    let power = clean.reduce(0) { $0 + $1 * $1 } / Float(clean.count)
    let scale = (power * 0.1 * 3).squareRoot()
    let noisy = zip(clean, noise(clean.count)).map { $0 + $1 * scale }
    for samples in [clean, noisy, clean.map { $0 / 100 }] {
      let found = detector(samples.span)
      #expect(found.isSpeech)
      #expect(found.voiced > 1 && found.speech >= found.voiced)
    }
    #expect(detector(clean.span).speechToNoise > detector(noisy.span).speechToNoise + 5)
  }

  @Test("noise, rumble, hum, clicks, a beep and silence are no speech")
  func noises() {
    let count = 3 * rate
    let beep = (0..<count).map { 0.3 * sin(2 * .pi * 440 * Float($0 % rate) / Float(rate)) }
    let silence = [Float](repeating: 0, count: count)
    for samples in [noise(count), rumble(count), hum(count), clicks(count), beep, silence, []] {
      #expect(!detector(samples.span).isSpeech)
    }
  }

  @Test("what telephones signal and what is played is no speech: its pitch stands still")
  func signals() {
    let count = 4 * rate
    let dialled = [(697, 1209), (770, 1336), (852, 1477), (941, 1336)].flatMap { row, column in
      signal([Float(row), Float(column)], on: rate / 5, off: rate / 20, rate / 2)
    }
    let ringing = signal([440, 480], on: 2 * rate, off: rate, count)
    let fax = signal([1100], on: rate / 2, off: rate, count)
    for samples in [dialled, ringing, fax, notes(count)] {
      let found = detector(samples.span)
      #expect(!found.isSpeech && found.steadiness > 0.5, "\(found)")
    }
    #expect(detector(voice(3).span).steadiness < 0.4)
  }
}

@Suite("notes on quality")
struct QualityTests {
  private let model: SmallModel
  private let recognizer: Recognizer

  init() throws {
    model = try SmallModel()
    recognizer = try model.recognizer()
  }

  private func notes(
    _ samples: [Float], rate: Int = rate, encoding: WAVEncoding = .float
  ) throws -> Set<QualityNote> {
    let file = try Waveform(samples: samples, sampleRate: rate).wavFile(encoding: encoding)
    return Set(try recognizer.predict(file).quality)
  }

  @Test("there are none on a clear recording; each flaw has its own")
  func flaws() throws {
    let clear = voice(3)
    let pause = [Float](repeating: 0, count: 12 * rate)
    #expect(try notes(clear).isEmpty)
    #expect(try notes(voice(0.7)) == [.short])
    #expect(try notes(clear + pause) == [.mostlySilence])
    #expect(try notes(voice(3, rate: 8000), rate: 8000) == [.lowRate])
    #expect(try notes(noise(3 * rate)).contains(.noSpeech))
    let noisy = zip(clear, noise(clear.count)).map { $0 + 0.15 * $1 }
    #expect(try notes(noisy).contains(.noisy))
  }

  @Test("what is louder than full scale is clipped in integers, and kept in floats")
  func clipping() throws {
    let loud = voice(3).map { 6 * $0 }
    #expect(try notes(loud, encoding: .pcm16).contains(.clipped))
    #expect(try notes(loud, encoding: .float).isEmpty)
  }

  @Test("a recording that ends before its header says is noted")
  func truncated() throws {
    let file = try Waveform(samples: voice(4), sampleRate: rate).wavFile(encoding: .pcm16)
    #expect(try recognizer.predict(file).quality.isEmpty)
    #expect(try recognizer.predict(Array(file.dropLast(rate))).quality == [.truncated])
  }
}
