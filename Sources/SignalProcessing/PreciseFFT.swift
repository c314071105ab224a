internal import CPreciseFFT

/// The Fourier transform of real numbers in double precision, by KISS FFT: for what looks at a
/// spectrum's smallest values, which single precision drowns in rounding. One caller at a time.
@safe struct PreciseFFT: ~Copyable {
  let size: Int
  private let plan: OpaquePointer

  /// `kissfft<double>`. Throws `.unsupportedTransformSize` for the sizes that `RealFFT` refuses.
  init(size: Int) throws(SignalError) {
    try RealFFT.check(size)
    guard let plan = unsafe precise_fft_create(size) else {
      throw .unsupportedTransformSize(size)
    }
    unsafe self.plan = unsafe plan
    self.size = size
  }

  deinit {
    unsafe precise_fft_free(plan)
  }

  /// `input` has `size` samples, `spectrum` takes size / 2 + 1 complex numbers, real and imaginary
  /// parts interleaved.
  func transform(_ input: Span<Double>, into spectrum: inout MutableSpan<Double>) {
    precondition(input.count == size, "\(input.count) samples for \(size) points")
    precondition(spectrum.count == size + 2, "\(spectrum.count) numbers for \(size) points")
    unsafe input.withUnsafeBufferPointer { input in
      unsafe spectrum.withUnsafeMutableBufferPointer { spectrum in
        guard let samples = input.baseAddress, let bins = spectrum.baseAddress else { return }
        unsafe precise_fft_transform(plan, samples, bins)
      }
    }
  }
}
