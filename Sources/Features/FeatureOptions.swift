package import SignalProcessing

/// What a configuration says of one feature: plain data, named as the fields are; and what computes it.
package protocol FeatureOptions: Codable, Sendable, Equatable {
  /// Its name in JSON.
  static var name: String { get }

  /// Numbers that it gives of each frame.
  var bands: Int { get }

  /// Whether its bands lie along the frequency axis.
  var isSpectrum: Bool { get }

  /// Refuses options that cannot be computed or that nobody can mean.
  /// - Parameter path: of the options, for the error's field.
  func validate(at path: String, _ input: FeatureInput) throws(FeatureError)

  /// What computes it.
  /// - Precondition: the options are valid.
  func computation(_ input: FeatureInput) throws(SignalError) -> FeatureComputation
}

extension FeatureOptions {
  package var bands: Int { 1 }
  package var isSpectrum: Bool { false }
  package func validate(at path: String, _ input: FeatureInput) throws(FeatureError) {}
}

/// How a recording is cut into frames for a feature.
package struct FeatureInput: Sendable {
  /// Of the samples that are transformed, Hz.
  let sampleRate: Int
  /// Points of the Fourier transform; a feature of samples takes as many in a frame.
  let fftSize: Int
  /// Samples from one frame to the next, at the front end's rate.
  let hopLength: Int

  /// Bins of a power spectrum.
  var bins: Int { fftSize / 2 + 1 }

  init(_ feature: FeatureConfiguration, in frontEnd: FrontEndConfiguration) {
    let spectrum = feature.spectrum ?? frontEnd.spectrum
    sampleRate = spectrum.sampleRate(in: frontEnd)
    fftSize = spectrum.fftSize
    hopLength = frontEnd.hopLength
  }
}

/// What a feature is computed from, and how.
package enum FeatureComputation: Sendable {
  case ofSpectra(any SpectralFeature)
  case ofSamples(any SampleFeature)
}
