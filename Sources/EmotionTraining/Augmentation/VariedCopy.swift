public import AudioIO
public import EmotionFeatures
import Foundation

/// A changed copy of a recording, which training hears besides it. Its features are computed once
/// and cached.
public enum VariedCopy: Sendable, Hashable, CustomStringConvertible {
  /// Played faster or slower, as a tape would be: tempo and pitch together.
  case speed(Float)
  /// Higher by so many semitones, at the same tempo.
  case pitch(Float)
  /// With white noise this far below the recording's mean power, in dB.
  case noise(Float)

  /// Part of the cache's key.
  public var description: String {
    switch self {
    case .speed(let factor): "\(factor)"
    case .pitch(let semitones): "pitch \(semitones)"
    case .noise(let ratio): "noise \(ratio)"
    }
  }

  /// The copy's features, not normalised.
  public func features(
    of waveform: Waveform, _ frontEnd: FrontEnd
  ) throws(FeatureError) -> FeatureMap {
    switch self {
    case .speed(let factor): return try frontEnd.extract(waveform.played(at: factor))
    case .pitch(let semitones):
      let factor = exp2(semitones / 12)
      let map = try frontEnd.extract(waveform.played(at: factor))
      return map.stretched(to: max(1, Int((Float(map.frames) * factor).rounded())))
    case .noise(let ratio): return try frontEnd.extract(waveform.withNoise(ratio))
    }
  }
}

extension Augmentation {
  /// The copies of a recording that are made once.
  public var copies: [VariedCopy] {
    speeds.filter { $0 != 1 }.map { .speed($0) } + pitches.map { .pitch($0) }
      + noises.map { .noise($0) }
  }
}

extension Waveform {
  fileprivate func played(at speed: Float) -> Waveform {
    Waveform(samples: samples, sampleRate: Int((Float(sampleRate) * speed).rounded()))
  }

  /// The same noise each time, so that a cache can be made anew.
  fileprivate func withNoise(_ ratio: Float) -> Waveform {
    let power = samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(samples.count, 1))
    let level = Float(power.squareRoot()) * pow(10, -ratio / 20)
    var random = RandomSource(seed: UInt64(samples.count), Int(ratio * 1000))
    return Waveform(samples: samples.map { $0 + level * random.normal() }, sampleRate: sampleRate)
  }
}
