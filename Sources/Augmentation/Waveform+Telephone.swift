import AudioCodecs
import AudioIO
import Features
import Foundation
import LinearAlgebra

extension Waveform {
  /// As a telephone carries it: 300 to 3400 Hz at 8 kHz, in 8 bits of µ-law.
  /// - Throws: `FeatureError.resampling` and, where the codec fails, `AudioError`.
  func telephoned() throws -> Waveform {
    let line = try resampled(to: 8000).filtered(by: bandPass(300...3400, sampleRate: 8000))
    return try AudioDecoder().decode(line.wavFile(encoding: .muLaw)).waveform
  }

  /// Convolved with a filter of odd length, whose middle is no delay.
  private func filtered(by filter: [Float]) -> Waveform {
    let margin = [Float](repeating: 0, count: filter.count / 2)
    let padded = margin + samples + margin
    var output = [Float](repeating: 0, count: samples.count)
    output.updateAll { output in
      for (tap, weight) in filter.enumerated() {
        addScaled(padded.span.extracting(tap..<tap + samples.count), weight, to: &output)
      }
    }
    return Waveform(samples: output, sampleRate: sampleRate)
  }
}

/// A band pass by the window method: the difference of two ideal low passes, under a Hamming window. At 8 kHz its 255 taps fall
/// from pass to stop within 100 Hz.
private func bandPass(_ band: ClosedRange<Float>, sampleRate: Float) -> [Float] {
  let half = 127
  return (-half...half).map { tap in
    let window = 0.54 + 0.46 * cos(.pi * Float(tap) / Float(half))
    return window
      * (lowPass(band.upperBound / sampleRate, tap) - lowPass(band.lowerBound / sampleRate, tap))
  }
}

/// The impulse response of an ideal low pass; `cutoff` in cycles a sample.
private func lowPass(_ cutoff: Float, _ tap: Int) -> Float {
  tap == 0 ? 2 * cutoff : sin(2 * .pi * cutoff * Float(tap)) / (.pi * Float(tap))
}
