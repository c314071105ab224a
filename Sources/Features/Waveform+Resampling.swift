public import AudioIO
import SignalProcessing

extension Waveform {
  /// The same sound at `rate` Hz; itself where it already has that rate.
  /// - Throws: `resampling` where either rate is outside `Resampler.sampleRates`.
  public func resampled(to rate: Int) throws(FeatureError) -> Waveform {
    guard rate != sampleRate else { return self }
    do {
      let output = try Resampler.resample(samples.span, from: sampleRate, to: rate)
      return Waveform(samples: output, sampleRate: rate)
    } catch {
      throw .resampling(error)
    }
  }
}
