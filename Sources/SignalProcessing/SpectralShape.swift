import Glibc

/// One number for the shape of each magnitude spectrum.
public struct SpectralShape: SpectralFeature {
  public enum Measure: Sendable, Equatable {
    /// The mean frequency, in Hz (`librosa.feature.spectral_centroid`).
    case centroid
    /// The deviation of frequencies from their mean, in Hz (`spectral_bandwidth`).
    case bandwidth
    /// The frequency below which this fraction of the magnitude lies, in Hz (`spectral_rolloff`).
    case rolloff(fraction: Double = 0.85)
    /// Geometric over arithmetic mean of the power: 1 for noise, 0 for tones (`spectral_flatness`).
    case flatness
  }

  public let measure: Measure
  /// Hz from one bin to the next.
  private let spacing: Double

  public var width: Int { 1 }

  /// librosa's `amin` of the flatness.
  private static let leastPower: Float = 1e-10

  /// - Parameter sampleRate: Hz
  public init(_ measure: Measure, sampleRate: Int, fftSize: Int) throws(SignalError) {
    try STFT.check(fftSize)
    try require(sampleRate > 0, "sampleRate", Double(sampleRate))
    if case .rolloff(let fraction) = measure {
      try require(fraction > 0 && fraction < 1, "fraction", fraction)
    }
    self.measure = measure
    spacing = Double(sampleRate) / Double(fftSize)
  }

  public func rows(_ power: Frames) -> Frames {
    var sums = [Float](repeating: 0, count: power.width)
    return power.map(to: 1) { power, result, offset in
      result[offset] =
        switch measure {
        case .centroid: Float(moments(of: power).centroid)
        case .bandwidth: Float(moments(of: power).bandwidth)
        case .rolloff(let fraction): rolloff(of: power, fraction: Float(fraction), sums: &sums)
        case .flatness: flatness(of: power)
        }
    }
  }

  /// Both 0 for a spectrum of nothing.
  private func moments(of power: Span<Float>) -> (centroid: Double, bandwidth: Double) {
    let sums = magnitudeSums(power)
    guard sums.sum >= Double(Float.leastNormalMagnitude) else { return (0, 0) }
    let (mean, square) = (sums.first / sums.sum, sums.second / sums.sum)
    return (mean * spacing, max(square - mean * mean, 0).squareRoot() * spacing)
  }

  /// In single precision as librosa sums, so that the same bin is found.
  /// - Parameter sums: room for as many numbers as there are bins.
  private func rolloff(of power: Span<Float>, fraction: Float, sums: inout [Float]) -> Float {
    var below: Float = 0
    for k in 0..<power.count {
      below += power[k].squareRoot()
      sums[k] = below
    }
    let bin = sums.firstIndex { $0 >= fraction * below } ?? 0
    return Float(Double(bin) * spacing)
  }

  private func flatness(of power: Span<Float>) -> Float {
    var (logarithms, sum) = (0.0, 0.0)
    for k in 0..<power.count {
      let value = max(power[k], Self.leastPower)
      logarithms += Double(log(value))
      sum += Double(value)
    }
    let count = Double(power.count)
    return Float(exp(logarithms / count) / (sum / count))
  }
}
