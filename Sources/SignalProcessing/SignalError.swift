/// Why a signal-processing object can't be built or applied.
public enum SignalError: Error, Equatable, Sendable {
  /// A setting lies outside what its definition allows.
  case invalidOption(name: String, value: Double)
  /// Transforms have an even number of points, 2 to `STFT.largestSize`.
  case unsupportedTransformSize(Int)
  /// A computation over time needs more frames than there are.
  case tooFewFrames(found: Int, required: Int)
  /// A rate (Hz) that is resampled neither from nor to.
  case sampleRate(Int, allowed: ClosedRange<Int>)
  /// libsoxr could not allocate or configure a resampler.
  case resampler(from: Int, to: Int)
}

extension SignalError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .invalidOption(let name, let value): "\(name) can't be \(value)"
    case .unsupportedTransformSize(let size): "no Fourier transform of \(size) points"
    case .tooFewFrames(let found, let required): "\(found) frames where \(required) are needed"
    case .sampleRate(let rate, let allowed):
      "sample rate \(rate) Hz is outside \(allowed.lowerBound)–\(allowed.upperBound) Hz"
    case .resampler(let from, let to): "cannot resample \(from) Hz to \(to) Hz"
    }
  }
}

/// Throws `.invalidOption` unless `holds`.
func require(_ holds: Bool, _ name: String, _ value: Double) throws(SignalError) {
  guard holds else { throw .invalidOption(name: name, value: value) }
}
