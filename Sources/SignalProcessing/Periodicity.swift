import Glibc

/// How periodic a signal is from frame to frame, and how loud: voiced speech is both, noise is not.
///
/// The periodicity is the highest peak of the autocorrelation among the lags of a voice's pitch, of frames under a Hann
/// window and divided by the window's own autocorrelation (Boersma 1993, eq. 9). No frame overhangs the signal.
public struct Periodicity: Sendable {
  public struct Frame: Sendable, Equatable {
    /// dB of full scale; at least -120.
    public let level: Float
    /// 1 for a periodic frame, near 0 for noise.
    public let periodicity: Float
  }

  /// Samples in a frame.
  public let frameLength: Int
  /// Samples from one frame to the next.
  public let hopLength: Int
  private let lags: ClosedRange<Int>
  private let fftSize: Int
  private let window: [Float]
  /// The window's autocorrelation over that at lag 0, for each of `lags`.
  private let windowCorrelation: [Float]

  /// - Parameters:
  ///   - sampleRate: Hz
  ///   - frameDuration: s; three periods of the lowest pitch.
  ///   - hopDuration: s
  ///   - pitch: Hz
  public init(
    sampleRate: Int, frameDuration: Double = 0.04, hopDuration: Double = 0.02,
    pitch: ClosedRange<Double> = 70...400
  ) throws(SignalError) {
    try require(pitch.lowerBound > 0, "pitch", pitch.lowerBound)
    let rate = Double(sampleRate)
    frameLength = Int(frameDuration * rate)
    hopLength = Int(hopDuration * rate)
    try require(hopLength > 0, "hopDuration", hopDuration)
    let (shortest, longest) = (Int(rate / pitch.upperBound), Int(rate / pitch.lowerBound))
    try require(shortest > 0 && longest < frameLength, "frameDuration", frameDuration)
    lags = shortest...longest
    var size = 2
    while size < frameLength + longest + 1 { size *= 2 }
    fftSize = size
    window = Window.hann.samples(frameLength)
    var transform = try Autocorrelation(size: size)
    let correlation = transform(window)
    windowCorrelation = lags.map { correlation[$0] / correlation[0] }
  }

  public func callAsFunction(_ samples: Span<Float>) -> [Frame] {
    guard samples.count >= frameLength, var transform = try? Autocorrelation(size: fftSize) else {
      return []
    }
    var points = [Float](repeating: 0, count: frameLength)
    return stride(from: 0, through: samples.count - frameLength, by: hopLength).map { start in
      frame(samples.extracting(start..<start + frameLength), &points, &transform)
    }
  }

  private func frame(
    _ samples: Span<Float>, _ points: inout [Float], _ transform: inout Autocorrelation
  ) -> Frame {
    var sum: Float = 0
    for i in 0..<samples.count { sum += samples[i] }
    let mean = sum / Float(samples.count)
    var power: Float = 0
    for i in 0..<samples.count {
      let value = samples[i] - mean
      power += value * value
      points[i] = value * window[i]
    }
    let level = 10 * log10(power / Float(samples.count) + 1e-12)
    return Frame(level: level, periodicity: peak(of: transform(points)))
  }

  /// A correlation that only falls from lag 0 on has no peak.
  private func peak(of correlation: [Float]) -> Float {
    guard correlation[0] > 0 else { return 0 }
    var (best, place) = (-Float.infinity, 0)
    for (i, lag) in lags.enumerated() {
      let value = correlation[lag] / (correlation[0] * windowCorrelation[i])
      if value > best { (best, place) = (value, i) }
    }
    return place == 0 ? 0 : min(max(best, 0), 1)
  }
}

/// The autocorrelation as the transform of the power spectrum, which is real and even (Wiener and Khinchin).
private struct Autocorrelation: ~Copyable {
  private var fft: RealFFT
  private var points: [Float]
  private var spectrum: [Float]

  init(size: Int) throws(SignalError) {
    fft = try RealFFT(size: size)
    points = [Float](repeating: 0, count: size)
    spectrum = [Float](repeating: 0, count: 2 * (size / 2 + 1))
  }

  /// One number for each lag up to half the transform's size, not divided by its size.
  mutating func callAsFunction(_ samples: [Float]) -> [Float] {
    for i in points.indices { points[i] = i < samples.count ? samples[i] : 0 }
    transform()
    for k in 0...points.count / 2 {
      let (real, imaginary) = (spectrum[2 * k], spectrum[2 * k + 1])
      points[k] = real * real + imaginary * imaginary
    }
    for k in points.count / 2 + 1..<points.count { points[k] = points[points.count - k] }
    transform()
    return (0...points.count / 2).map { spectrum[2 * $0] }
  }

  private mutating func transform() { Self.transform(&fft, points, &spectrum) }

  private static func transform(
    _ fft: inout RealFFT, _ points: [Float], _ spectrum: inout [Float]
  ) {
    var bins = spectrum.mutableSpan
    fft.transform(points.span, into: &bins)
  }
}
