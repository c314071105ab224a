/// Why a signal-processing object can't be built or applied.
public enum SignalError: Error, Equatable, Sendable {
  /// A setting lies outside what its definition allows.
  case invalidOption(name: String, value: Double)
  /// The FFT library transforms even sizes from 2 to `RealFFT.largestSize` only.
  case unsupportedTransformSize(Int)
  /// A computation over time needs more frames than there are.
  case tooFewFrames(found: Int, required: Int)
}

extension SignalError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .invalidOption(let name, let value): "\(name) can't be \(value)"
    case .unsupportedTransformSize(let size): "no Fourier transform of \(size) points"
    case .tooFewFrames(let found, let required): "\(found) frames where \(required) are needed"
    }
  }
}

/// Throws `.invalidOption` unless `holds`.
func require(_ holds: Bool, _ name: String, _ value: Double) throws(SignalError) {
  guard holds else { throw .invalidOption(name: name, value: value) }
}
