extension STFT {
  /// The power spectrogram of some frames, computed in double precision as NumPy does whatever it is
  /// given, and rounded in the end.
  func precisePower(of samples: Span<Float>, frames: Range<Int>) -> Frames {
    guard let fft = try? PreciseFFT(size: fftSize) else { preconditionFailure("out of memory") }
    var result = Frames(zeros: frames.count, width: binCount)
    var points = [Double](repeating: 0, count: fftSize)
    var spectrum = [Double](repeating: 0, count: 2 * binCount)
    let margin = (fftSize - preciseWindow.count) / 2
    for (row, t) in frames.enumerated() {
      let start = t * hopLength + margin - (isCentered ? fftSize / 2 : 0)
      for i in preciseWindow.indices {
        let place = start + i
        points[margin + i] =
          place >= 0 && place < samples.count ? preciseWindow[i] * Double(samples[place]) : 0
      }
      var bins = spectrum.mutableSpan
      fft.transform(points.span, into: &bins)
      for k in 0..<binCount {
        let (re, im) = (spectrum[2 * k], spectrum[2 * k + 1])
        result.values[row * binCount + k] = Float(re * re + im * im)
      }
    }
    return result
  }
}
