import CFFT

/// The Fourier transform of real numbers, by KISS FFT. One caller at a time: the plan holds scratch memory.
@safe public struct RealFFT: ~Copyable {
  /// Above this a plan is a mistake, and a prime factor would cost quadratic time.
  public static let largestSize = 65_536

  /// Points of the transform.
  public let size: Int
  private let plan: kiss_fftr_cfg

  /// Bins from 0 Hz to half the sample rate, both included.
  public var binCount: Int { size / 2 + 1 }

  /// `kiss_fftr_alloc`. Throws `.unsupportedTransformSize` for odd sizes and those beyond `largestSize`.
  public init(size: Int) throws(SignalError) {
    try Self.check(size)
    guard let plan = unsafe kiss_fftr_alloc(Int32(size), 0, nil, nil) else {
      throw .unsupportedTransformSize(size)
    }
    unsafe self.plan = unsafe plan
    self.size = size
  }

  /// Whether there is a transform of that size.
  static func check(_ size: Int) throws(SignalError) {
    guard size.isMultiple(of: 2), (2...largestSize).contains(size) else {
      throw .unsupportedTransformSize(size)
    }
  }

  deinit {
    unsafe shim_kiss_fftr_free(plan)
  }

  /// `kiss_fftr`: `input` has `size` samples, `spectrum` takes `binCount` complex numbers, real and imaginary parts
  /// interleaved.
  public mutating func transform(_ input: Span<Float>, into spectrum: inout MutableSpan<Float>) {
    precondition(input.count == size, "\(input.count) samples for \(size) points")
    precondition(spectrum.count == 2 * binCount, "\(spectrum.count) numbers for \(binCount) bins")
    unsafe input.withUnsafeBufferPointer { input in
      unsafe spectrum.withUnsafeMutableBytes { spectrum in
        let bins = unsafe spectrum.assumingMemoryBound(to: kiss_fft_cpx.self)
        unsafe kiss_fftr(plan, input.baseAddress, bins.baseAddress)
      }
    }
  }
}
