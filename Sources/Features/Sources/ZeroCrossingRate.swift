import SignalProcessing

/// `librosa.feature.zero_crossing_rate`, in frames as long as the transform
struct ZeroCrossingRateConfiguration: FeatureOptions {
  static var name: String { "zeroCrossingRate" }

  func computation(_ input: FeatureInput) throws(SignalError) -> FeatureComputation {
    .ofSamples(try ZeroCrossings(frameLength: input.fftSize, hopLength: input.hopLength))
  }
}

extension FeatureSource {
  public static let zeroCrossingRate = FeatureSource(ZeroCrossingRateConfiguration())
}
