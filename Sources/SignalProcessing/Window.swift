import Glibc

/// A taper applied to each frame before its Fourier transform.
public enum Window: String, Sendable, Codable, CaseIterable {
  case hann, hamming, blackman, rectangular

  /// `count` samples of the window, which is periodic (`scipy.signal.get_window(…, fftbins=True)`, what a spectrum wants): the
  /// symmetric one of `count` + 1 samples without its last.
  public func samples(_ count: Int) -> [Float] {
    preciseSamples(count).map { Float($0) }
  }

  func preciseSamples(_ count: Int) -> [Double] {
    precondition(count > 0, "a window of \(count) samples")
    guard count > 1 else { return [1] }
    return (0..<count).map { value(at: 2 * Double.pi * Double($0) / Double(count)) }
  }

  private func value(at angle: Double) -> Double {
    cosines.enumerated().reduce(0) { $0 + $1.element * cos(Double($1.offset) * angle) }
  }

  /// Weights of cos 0, cos φ, cos 2φ.
  private var cosines: [Double] {
    switch self {
    case .hann: [0.5, -0.5]
    case .hamming: [0.54, -0.46]
    case .blackman: [0.42, -0.5, 0.08]
    case .rectangular: [1]
    }
  }
}
