import AudioIO
import Features
import LinearAlgebra

/// Many people talking at once, of recordings of a few.
struct Babble {
  /// How many talk at once: so many that no one is understood.
  static let voices = 6

  /// Recordings, at least one.
  let babbleSpeakers: [Waveform]

  init(babbleSpeakers: [Waveform]) {
    precondition(!babbleSpeakers.isEmpty, "babble of nobody")
    self.babbleSpeakers = babbleSpeakers
  }

  /// So many samples. Each voice is as loud as the others, begins anywhere, and is played up to a quarter slower or faster, so
  /// that two voices of one speaker sound like two people.
  func samples(
    _ count: Int, sampleRate: Int, _ random: inout RandomSource
  ) throws(FeatureError) -> [Float] {
    var sum = [Float](repeating: 0, count: count)
    for voice in 0..<Self.voices {
      let speaker = babbleSpeakers[voice % babbleSpeakers.count]
      let speed = random.uniform(0.8...1.25)
      let sound = try Waveform(
        samples: speaker.samples, sampleRate: Int(Float(speaker.sampleRate) * speed)
      ).resampled(to: sampleRate)
      let power = sound.power
      guard power > 0 else { continue }
      var place = random.index(below: sound.samples.count)
      for i in 0..<count {
        sum[i] += sound.samples[place] / power.squareRoot()
        place = place + 1 < sound.samples.count ? place + 1 : 0
      }
    }
    return sum
  }
}
