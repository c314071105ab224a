/// Triangular filters evenly spaced in mel (`librosa.filters.mel`), turning a power spectrum into band energies.
public struct MelBank: Sendable {
  /// What a triangle's height is.
  public enum Norm: String, Sendable, Codable, CaseIterable {
    /// Such that every triangle has the same area. librosa's default.
    case slaney
    /// 1
    case none
  }

  private let matrix: BandMatrix

  /// F, bands.
  public var bandCount: Int { matrix.rows }

  /// - Parameters:
  ///   - sampleRate: Hz
  ///   - low, high: Hz; `high` is half the sample rate by default.
  public init(
    sampleRate: Int, fftSize: Int, bandCount: Int = 128, low: Double = 0, high: Double? = nil,
    scale: MelScale = .slaney, norm: Norm = .slaney
  ) throws(SignalError) {
    try STFT.check(fftSize)
    let nyquist = Double(sampleRate) / 2
    let high = high ?? nyquist
    try require(sampleRate > 0, "sampleRate", Double(sampleRate))
    try require((1...fftSize / 2 + 1).contains(bandCount), "bandCount", Double(bandCount))
    try require(low >= 0 && low < high, "low", low)
    try require(high <= nyquist, "high", high)
    let edges = scale.frequencies(bandCount + 2, from: low, to: high)
    var matrix = BandMatrix(columns: fftSize / 2 + 1)
    for band in 0..<bandCount {
      let triangle = Triangle(left: edges[band], peak: edges[band + 1], right: edges[band + 2])
      // As librosa does: rounded to single precision before the norm and after.
      let area = norm == .slaney ? 2 / (triangle.right - triangle.left) : 1
      matrix.append(
        (0...fftSize / 2).map { bin in
          let frequency = Double(bin) * Double(sampleRate) / Double(fftSize)
          return Float(Double(Float(triangle.height(at: frequency))) * area)
        })
    }
    self.matrix = matrix
  }

  /// Band energies (T, F) of power spectra (T, bins).
  public func callAsFunction(_ power: Frames) -> Frames {
    matrix.apply(power)
  }

  /// One filter's weight at every bin.
  public func filter(_ band: Int) -> [Float] { matrix.row(band) }
}

private struct Triangle {
  let left: Double
  let peak: Double
  let right: Double

  func height(at frequency: Double) -> Double {
    max(0, min((frequency - left) / (peak - left), (right - frequency) / (right - peak)))
  }
}
