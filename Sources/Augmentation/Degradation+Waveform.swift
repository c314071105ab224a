import AudioCodecs
public import AudioIO
import Features
public import LinearAlgebra

extension Degradation {
  /// The recording as it would be under the degradation. What is drawn comes from `random`.
  /// - Parameter babbleSpeakers: Recordings that babble is made of; not empty where there is to be babble.
  /// - Throws: `FeatureError.resampling` and, where the codec fails, `AudioError`.
  public func applied(
    to waveform: Waveform, babbleSpeakers: [Waveform] = [], _ random: inout RandomSource
  ) throws -> Waveform {
    switch self {
    case .telephone: return try waveform.telephoned()
    case .mp3(let kilobits):
      let sound = try waveform.resampled(to: 24_000)
      return try AudioDecoder().decode(sound.mp3File(kilobits: kilobits)).waveform
    case .white(let ratio):
      let noise = waveform.samples.map { _ in random.normal() }
      return waveform.adding(noise, ratio: Float(ratio))
    case .babble(let ratio):
      let noise = try Babble(babbleSpeakers: babbleSpeakers).samples(
        waveform.samples.count, sampleRate: waveform.sampleRate, &random)
      return waveform.adding(noise, ratio: Float(ratio))
    case .room(let decay): return waveform.reverberated(seconds: Float(decay) / 1000, &random)
    case .gain(let decibels): return waveform.amplified(by: Float(decibels))
    case .silence(let length): return waveform.surrounded(by: Double(length) / 1000)
    }
  }

  /// Whether it needs babble speakers.
  var isBabble: Bool { if case .babble = self { true } else { false } }
}
