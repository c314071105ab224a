extension Waveform {
  /// The same sound at `rate` Hz; itself where it already has that rate.
  /// - Throws: `sampleRate` where either rate is outside `Resampler.sampleRates`.
  public func resampled(to rate: Int) throws(AudioError) -> Waveform {
    guard rate != sampleRate else { return self }
    var resampler = try Resampler(from: sampleRate, to: rate)
    var output: [Float] = []
    output.reserveCapacity(Int(Double(samples.count) * Double(rate) / Double(sampleRate)) + 1)
    resampler.resample(samples.span, into: &output)
    resampler.finish(into: &output)
    return Waveform(samples: output, sampleRate: rate)
  }
}
