package import Features

extension AugmentationOptions {
  /// Refuses values with which a training could not run.
  package func check() throws(OptionError) {
    let options: [(String, Double, ClosedRange<Double>)] = [
      ("timeStretch", Double(timeStretch), 0...0.9), ("bandWarp", Double(bandWarp), 0...0.9),
      ("noiseChance", Double(noiseChance), 0...1), ("tilt", Double(tilt), 0...100),
      ("bandMasks", Double(bandMasks), 0...100), ("bandMaskWidth", Double(bandMaskWidth), 0...4096),
      ("timeMasks", Double(timeMasks), 0...100),
      ("timeMaskWidth", Double(timeMaskWidth), 0...1_000_000),
      ("mixupChance", Double(mixupChance), 0...1), ("mixup", Double(mixup), 0.01...100),
      ("degradationChance", Double(degradationChance), 0...1),
      ("noiseLevel.count", Double(noiseLevel.count), 2...2),
    ]
    for (name, value, range) in options { try OptionError.check(name, value, range) }
    try OptionError.check("noiseLevel[0]", Double(noiseLevel[0]), -200...200)
    try OptionError.check(
      "noiseLevel[1]", Double(noiseLevel[1]), Double(noiseLevel[0])...200)
  }

  /// Refuses changes of the spectrogram that mean nothing for these features: noise and tilt are sums
  /// of decibels, and the bands of a chroma or an MFCC are no places along a frequency axis.
  package func check(with features: FrontEndConfiguration) throws(OptionError) {
    let channels = features.channels.map(\.features)
    let areDecibels = channels.joined().allSatisfy { $0.source.isInDecibels && $0.delta == nil }
    if tilt > 0, !areDecibels { throw .unsuitable(option: "tilt", features: "log-mel bands") }
    if noiseChance > 0, !areDecibels {
      throw .unsuitable(option: "noiseChance", features: "log-mel bands")
    }
    if bandWarp > 0, !channels.allSatisfy({ $0.count == 1 && $0[0].source.isSpectrum }) {
      throw .unsuitable(option: "bandWarp", features: "one kind of mel bands a channel")
    }
  }
}

extension FeatureSource {
  fileprivate var isInDecibels: Bool { if case .logMel = self { true } else { false } }

  /// Whether its bands lie along the frequency axis.
  fileprivate var isSpectrum: Bool {
    switch self {
    case .mel, .logMel: true
    default: false
    }
  }
}
