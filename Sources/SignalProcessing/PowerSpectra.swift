import CVectorKernels
import Foundation

/// Power spectra of many frames, several at once: one in each lane of the processor's vectors, which is several times as fast
/// as one transform after the other. There is no other path to a spectrum, in either precision.
struct PowerSpectra<Real: SpectrumPrecision>: Sendable {
  private let fftSize: Int
  private let window: [Real]
  /// cos and -sin of 2πk / fftSize.
  private let twiddles: [Real]

  /// Bins from 0 Hz to half the sample rate, both included.
  var binCount: Int { fftSize / 2 + 1 }

  /// - Parameters:
  ///   - fftSize: even; a power of two is fastest.
  ///   - window: no longer than the transform, in whose middle it lies.
  init(fftSize: Int, window: [Real]) throws(SignalError) {
    try STFT.check(fftSize)
    precondition(window.count <= fftSize, "a window of \(window.count) for \(fftSize) points")
    self.fftSize = fftSize
    self.window = window
    twiddles = (0..<fftSize).flatMap { k in
      let angle = 2 * Double.pi * Double(k) / Double(fftSize)
      return [Real(cos(angle)), Real(-sin(angle))]
    }
  }

  /// (count, bins): frame t is windowed from sample `first` + t · `hop` on; what lies outside the signal is zero.
  func callAsFunction(_ samples: Span<Float>, first: Int, hop: Int, count: Int) -> Frames {
    var result = Frames(unfilled: count, width: binCount)
    var rows = result.values.mutableSpan
    let bins = binCount
    let lanes = Int(POWER_SPECTRA_LANES)
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
    return result
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
