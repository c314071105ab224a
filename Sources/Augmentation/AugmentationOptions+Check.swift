package import Features

extension AugmentationOptions {
  /// Refuses values with which a training could not run.
  package func check() throws(OptionError) {
    let options: [(String, Double, ClosedRange<Double>)] = [
      ("timeStretch", Double(timeStretch), 0...0.9), ("bandWarp", Double(bandWarp), 0...0.9),
      ("equalizer", Double(equalizer), 0...100),
      ("speakerStyleChance", Double(speakerStyleChance), 0...1),
      ("joinChance", Double(joinChance), 0...1), ("cropChance", Double(cropChance), 0...1),
      ("bandMasks", Double(bandMasks), 0...100), ("bandMaskWidth", Double(bandMaskWidth), 0...4096),
      ("timeMasks", Double(timeMasks), 0...100),
      ("timeMaskWidth", Double(timeMaskWidth), 0...1_000_000),
      ("mixupChance", Double(mixupChance), 0...1), ("mixup", Double(mixup), 0.01...100),
      ("degradationChance", Double(degradationChance), 0...1),
    ]
    for (name, value, range) in options { try OptionError.check(name, value, range) }
  }

  /// Refuses a warp of bands that are no places along a frequency axis, as those of a chroma or an MFCC.
  package func check(with features: FrontEndConfiguration) throws(OptionError) {
    let isSpectrum = features.channels.allSatisfy {
      $0.features.count == 1 && $0.features[0].source.options.isSpectrum
    }
    if bandWarp > 0, !isSpectrum {
      throw .unsuitable(option: "bandWarp", features: "one kind of mel bands a channel")
    }
    for (option, value) in [
      ("equalizer", equalizer), ("speakerStyleChance", speakerStyleChance),
    ] where value > 0 && !features.isLogarithmic {
      throw .unsuitable(option: option, features: "log-mel bands in each channel")
    }
    for (option, value) in [
      ("speakerStyleChance", speakerStyleChance), ("joinChance", joinChance),
      ("cropChance", cropChance),
    ] where value > 0 && features.functionals != nil {
      throw .unsuitable(option: option, features: "maps, not functionals")
    }
  }
}
