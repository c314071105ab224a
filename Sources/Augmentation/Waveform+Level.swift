import AudioIO
import Foundation

extension Waveform {
  /// Mean square of the samples.
  var power: Float {
    Float(samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(samples.count, 1)))
  }

  /// Adds noise as long as the sound, whose mean power then lies `ratio` dB below the sound's.
  func adding(_ noise: [Float], ratio: Float) -> Waveform {
    let own = Waveform(samples: noise, sampleRate: sampleRate).power
    guard own > 0 else { return self }
    let level = (power / own).squareRoot() * pow(10, -ratio / 20)
    return Waveform(samples: zip(samples, noise).map { $0 + level * $1 }, sampleRate: sampleRate)
  }

  /// Louder by so many dB; what would pass full scale is clipped there, as a file of integers does.
  func amplified(by decibels: Float) -> Waveform {
    let factor = pow(10, decibels / 20)
    return Waveform(
      samples: samples.map { min(max($0 * factor, -1), 1) }, sampleRate: sampleRate)
  }

  /// With so many seconds of digital silence before and after.
  func surrounded(by seconds: Double) -> Waveform {
    let silence = [Float](repeating: 0, count: Int(seconds * Double(sampleRate)))
    return Waveform(samples: silence + samples + silence, sampleRate: sampleRate)
  }
}
