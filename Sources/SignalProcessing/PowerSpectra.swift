import CVectorKernels
import Foundation

/// Power spectra of many frames, several at once: one in each lane of the processor's vectors, which is several times as fast
/// as one transform after the other.
struct PowerSpectra<Real: SpectrumPrecision>: Sendable {
  private let fftSize: Int
  /// cos and -sin of 2πk / fftSize.
  private let twiddles: [Real]

  /// Nil unless the size is a power of two above two.
  init?(fftSize: Int) {
    guard fftSize > 2, fftSize & (fftSize - 1) == 0 else { return nil }
    self.fftSize = fftSize
    twiddles = (0..<fftSize).flatMap { k in
      let angle = 2 * Double.pi * Double(k) / Double(fftSize)
      return [Real(cos(angle)), Real(-sin(angle))]
    }
  }

  /// Rows of fftSize / 2 + 1 bins for `count` frames: frame t is windowed from sample `first` + t · `hop` on and lies in the
  /// middle of the transform's points; what lies outside the signal is zero.
  func callAsFunction(
    _ samples: Span<Float>, first: Int, hop: Int, count: Int, window: Span<Real>,
    into rows: inout MutableSpan<Float>
  ) {
    let bins = fftSize / 2 + 1
    let lanes = Int(POWER_SPECTRA_LANES)
    precondition(rows.count == count * bins && window.count <= fftSize, "no room for the spectra")
    var scratch = [Real](repeating: 0, count: lanes * (2 * fftSize + bins))
    unsafe samples.withUnsafeBufferPointer { samples in
      unsafe window.withUnsafeBufferPointer { window in
        unsafe twiddles.withUnsafeBufferPointer { twiddles in
          unsafe scratch.withUnsafeMutableBufferPointer { scratch in
            unsafe rows.withUnsafeMutableBufferPointer { rows in
              guard let power = rows.baseAddress else { return }
              for t in stride(from: 0, to: count, by: lanes) {
                unsafe Real.powerSpectra(
                  samples.baseAddress, samples.count, first + t * hop, hop, min(lanes, count - t),
                  window.baseAddress, window.count, fftSize, twiddles.baseAddress,
                  scratch.baseAddress, power + t * bins)
              }
            }
          }
        }
      }
    }
  }
}

/// `power_spectra` in some precision.
typealias PowerSpectraKernel<Real> = (
  _ samples: UnsafePointer<Float>?, _ count: Int, _ first: Int, _ hop: Int, _ frames: Int,
  _ window: UnsafePointer<Real>?, _ length: Int, _ points: Int, _ twiddles: UnsafePointer<Real>?,
  _ scratch: UnsafeMutablePointer<Real>?, _ power: UnsafeMutablePointer<Float>?
) -> Void

/// What a spectrum is computed in; samples, and the powers in the end, are single.
protocol SpectrumPrecision: BinaryFloatingPoint, Sendable {
  static var powerSpectra: PowerSpectraKernel<Self> { get }
}

extension Float: SpectrumPrecision {
  static var powerSpectra: PowerSpectraKernel<Self> { unsafe power_spectra }
}

extension Double: SpectrumPrecision {
  static var powerSpectra: PowerSpectraKernel<Self> { unsafe precise_power_spectra }
}
