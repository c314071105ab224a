import Features

/// The planes that the networks of this project hear.
extension Preset {
  static func spectrum(_ band: ClosedRange<Double>, range: Double) -> FeatureConfiguration {
    .init(.logMel(logMel(band, range: range)))
  }

  /// - Parameter decimation: What the sample rate is divided by; 256 of the samples left are under the window.
  static func harmonics(
    _ band: ClosedRange<Double>, range: Double, decimation: Int = 4
  ) -> FeatureConfiguration {
    .init(.logMel(logMel(band, range: range)), spectrum: .harmonics(decimation: decimation))
  }

  private static func logMel(_ band: ClosedRange<Double>, range: Double) -> LogMelConfiguration {
    var logMel = LogMelConfiguration(
      mel: .init(bands: 64, low: band.lowerBound, high: band.upperBound))
    logMel.range = range
    return logMel
  }
}

extension SpectrumConfiguration {
  /// Fine enough for single harmonics: 256 samples of what decimation leaves.
  static func harmonics(decimation: Int) -> Self {
    .init(fftSize: 512, windowLength: 256, decimation: decimation)
  }
}
