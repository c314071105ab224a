import AudioIO
import Foundation
import LinearAlgebra

extension Waveform {
  /// As heard across a room whose sound dies away by 60 dB in `seconds`: the direct sound, and a tail of as much energy.
  ///
  /// The tail is velvet noise (Karjalainen and Järveläinen 2007): an impulse of random sign at a random place in each two
  /// thousandth of a second, fading exponentially. It sounds as smooth as white noise and takes few operations.
  func reverberated(seconds: Float, _ random: inout RandomSource) -> Waveform {
    let rate = Float(sampleRate)
    let spacing = rate / 2000
    let echoes = (0..<Int(seconds * 2000)).map { number in
      let delay = max(1, Int((Float(number) + random.uniform()) * spacing))
      let fading = exp(-3 * log(10) * Float(delay) / rate / seconds)
      return (delay: delay, weight: random.chance(0.5) ? fading : -fading)
    }
    let energy = echoes.reduce(0) { $0 + $1.weight * $1.weight }
    guard energy > 0 else { return self }
    // The sound goes on after the speaker has stopped.
    var output = samples + [Float](repeating: 0, count: Int(seconds * rate))
    output.updateAll { output in
      for echo in echoes where echo.delay < output.count {
        let heard = min(samples.count, output.count - echo.delay)
        var part = output._mutatingExtracting(echo.delay..<echo.delay + heard)
        addScaled(
          samples.span.extracting(0..<heard), echo.weight / energy.squareRoot(), to: &part)
      }
    }
    return Waveform(samples: output, sampleRate: sampleRate)
  }
}
