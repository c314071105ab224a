import SignalProcessing

/// `librosa.feature.rms`, in frames as long as the transform
struct RMSConfiguration: FeatureOptions {
  static var name: String { "rms" }

  func computation(_ input: FeatureInput) throws(SignalError) -> FeatureComputation {
    .ofSamples(try FrameEnergy(frameLength: input.fftSize, hopLength: input.hopLength))
  }
}

extension FeatureSource {
  public static let rms = FeatureSource(RMSConfiguration())
}
