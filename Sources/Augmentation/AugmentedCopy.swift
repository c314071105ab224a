public import AudioIO
public import Features
import Foundation
public import LinearAlgebra

/// A changed copy of a recording, which training takes besides it. Its features are computed once
/// and cached.
public enum AugmentedCopy: Sendable, Hashable, CustomStringConvertible {
  /// Played faster or slower, as a tape would be: tempo and pitch together.
  case speed(Float)
  /// Higher by so many semitones, at the same tempo.
  case pitch(Float)
  /// Under a degradation that is drawn among these, at one of some speeds: 1, or one of these.
  case degradation(oneOf: [Degradation], speeds: [Float])

  /// To be raised when a copy's samples become other ones: caches made before are then not read.
  package static let revision = 2

  /// Part of the cache's key.
  public var description: String {
    switch self {
    case .speed(let factor): "\(factor)"
    case .pitch(let semitones): "pitch \(semitones)"
    case .degradation(let degradations, let speeds):
      "\(degradations.map(\.description).joined(separator: " or ")) at \(speeds)"
    }
  }

  /// The copy's features, not normalised.
  /// - Parameter babbleSpeakers: Recordings that babble is made of.
  public func features(
    of waveform: Waveform, babbleSpeakers: [Waveform] = [], _ frontEnd: FrontEnd,
    _ random: inout RandomSource
  ) throws -> FeatureMap {
    switch self {
    case .speed(let factor): return try frontEnd.extract(waveform.played(at: factor))
    case .pitch(let semitones):
      let factor = exp2(semitones / 12)
      let map = try frontEnd.extract(waveform.played(at: factor))
      return map.resized(to: max(1, Int((Float(map.frames) * factor).rounded())))
    case .degradation(let degradations, let speeds):
      let degradation =
        degradations[degradations.count > 1 ? random.index(below: degradations.count) : 0]
      let speed = ([1] + speeds)[random.index(below: speeds.count + 1)]
      return try frontEnd.extract(
        degradation.applied(to: waveform.played(at: speed), babbleSpeakers: babbleSpeakers, &random)
      )
    }
  }

  /// Whether it is what a microphone or a line does, not a voice.
  package var isDegraded: Bool { if case .degradation = self { true } else { false } }

  /// Whether it needs babble speakers.
  package var isBabble: Bool {
    if case .degradation(let degradations, _) = self {
      degradations.contains(where: \.isBabble)
    } else {
      false
    }
  }
}

extension Waveform {
  fileprivate func played(at speed: Float) -> Waveform {
    Waveform(samples: samples, sampleRate: Int((Float(sampleRate) * speed).rounded()))
  }
}
