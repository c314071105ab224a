import SignalProcessing

extension FeatureSource {
  /// The computation behind a source that reads power spectra.
  /// - Precondition: it does, and its settings are valid.
  func spectralFeature(sampleRate: Int, fftSize: Int) throws(SignalError) -> any SpectralFeature {
    func bank(_ mel: MelConfiguration) throws(SignalError) -> MelBank {
      try MelBank(
        sampleRate: sampleRate, fftSize: fftSize, bandCount: mel.bands, low: mel.low,
        high: mel.high, scale: mel.scale, norm: mel.norm)
    }
    func shape(_ measure: SpectralShape.Measure) throws(SignalError) -> SpectralShape {
      try SpectralShape(measure, sampleRate: sampleRate, fftSize: fftSize)
    }
    switch self {
    case .mel(let mel): return try bank(mel)
    case .logMel(let options):
      return LogMel(
        bank: try bank(options.mel),
        decibels: Decibels(floor: options.floor, range: options.range))
    case .mfcc(let options):
      return try MFCC(
        bank: bank(options.mel), coefficients: options.coefficients, lifter: options.lifter,
        decibels: Decibels(floor: options.floor, range: options.range))
    case .chroma(let options):
      return try Chroma(
        sampleRate: sampleRate, fftSize: fftSize, classes: options.classes,
        tuning: options.tuning.map { .fixed($0) } ?? .estimated)
    case .contrast(let options):
      return try SpectralContrast(
        sampleRate: sampleRate, fftSize: fftSize, octaves: options.octaves, low: options.low,
        quantile: options.quantile, isLinear: options.isLinear)
    case .centroid: return try shape(.centroid)
    case .bandwidth: return try shape(.bandwidth)
    case .rolloff(let options): return try shape(.rolloff(fraction: options.fraction))
    case .flatness: return try shape(.flatness)
    case .rms, .zeroCrossingRate: preconditionFailure("\(self) reads samples")
    }
  }
}
