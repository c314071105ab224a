import Glibc
import LinearAlgebra

/// The autocorrelation of many frames of a signal at the lags asked for, from their power spectra (Wiener and Khinchin).
struct Autocorrelation: Sendable {
  private let spectra: PowerSpectra<Float>
  /// (bins, lags): from a power spectrum to the autocorrelation.
  private let cosines: [Float]
  private let lagCount: Int

  /// - Parameters:
  ///   - window: what each frame is multiplied with.
  ///   - lags: samples, in ascending order.
  ///   - scale: what the correlation at a lag is divided by.
  init(window: [Float], lags: [Int], scale: (_ lag: Int) -> Float = { _ in 1 }) throws(SignalError)
  {
    // No lag that is asked for reaches round the circle.
    var size = 4
    while size < window.count + (lags.last ?? 0) + 1 { size *= 2 }
    spectra = try PowerSpectra(fftSize: size, window: window)
    lagCount = lags.count
    let scales = lags.map { Float(size) * scale($0) }
    cosines = (0...size / 2).flatMap { k in
      zip(lags, scales).map { lag, scale in
        // Every bin but the first and the last stands for two.
        let weight = k == 0 || 2 * k == size ? 1.0 : 2.0
        return Float(weight * cos(2 * .pi * Double(k * lag % size) / Double(size))) / scale
      }
    }
  }

  /// (count, lags) of frames that begin at sample `first` + t · `hop`; what lies outside the signal is zero.
  func callAsFunction(_ samples: Span<Float>, first: Int, hop: Int, count: Int) -> Frames {
    let power = spectra(samples, first: first, hop: hop, count: count)
    var result = Frames(zeros: count, width: lagCount)
    var product = result.values.mutableSpan
    LinearAlgebra.multiply(
      power.values.span, cosines.span, into: &product, rows: count, inner: power.width,
      columns: lagCount)
    return result
  }
}
