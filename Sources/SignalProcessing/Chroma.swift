import Glibc

/// Energy of each pitch class, the loudest one of a frame being 1 (`librosa.feature.chroma_stft`).
public struct Chroma: SpectralFeature {
  public enum Tuning: Sendable, Equatable {
    /// Deviation from A440 in fractions of a pitch class.
    case fixed(Double)
    /// Estimated from the recording, as librosa does by default. Needs all power spectra at once.
    case estimated
  }

  public let width: Int
  public let tuning: Tuning
  private let sampleRate: Int
  private let fftSize: Int
  /// The filters of a fixed tuning.
  private let bank: ChromaBank?

  /// - Parameters:
  ///   - sampleRate: Hz
  ///   - classes: pitch classes in an octave.
  public init(
    sampleRate: Int, fftSize: Int, classes: Int = 12, tuning: Tuning = .estimated
  ) throws(SignalError) {
    try STFT.check(fftSize)
    try require(fftSize >= 4, "fftSize", Double(fftSize))
    try require(sampleRate > 0, "sampleRate", Double(sampleRate))
    try require((1...120).contains(classes), "classes", Double(classes))
    width = classes
    self.tuning = tuning
    self.sampleRate = sampleRate
    self.fftSize = fftSize
    guard case .fixed(let value) = tuning else {
      bank = nil
      return
    }
    try require(abs(value) <= 1, "tuning", value)
    bank = ChromaBank(sampleRate: sampleRate, fftSize: fftSize, classes: classes, tuning: value)
  }

  public func rows(_ power: Frames) -> Frames { bank?(power) ?? power }

  public func finish(_ rows: consuming Frames) -> Frames {
    guard bank == nil else { return rows }
    let tuning = rows.tuning(sampleRate: sampleRate, classes: width)
    return ChromaBank(sampleRate: sampleRate, fftSize: fftSize, classes: width, tuning: tuning)(
      rows)
  }
}

/// Filters that gather the octaves of a pitch class (`librosa.filters.chroma`).
struct ChromaBank: Sendable {
  let classes: Int
  /// (classes, bins)
  private let matrix: [Float]

  /// Octaves above the lowest A, 27.5 Hz, around which filters weigh most, and how far they reach.
  private static let center = 5.0
  private static let octaves = 2.0

  init(sampleRate: Int, fftSize: Int, classes: Int, tuning: Double) {
    self.classes = classes
    let pitches = Self.pitches(
      sampleRate: sampleRate, fftSize: fftSize, classes: classes, tuning: tuning)
    let bins = fftSize / 2 + 1
    var matrix = [Float](repeating: 0, count: classes * bins)
    for bin in 0..<bins {
      // Neighbours less than a class apart share a filter as wide as a class.
      let spread = max(pitches[bin + 1] - pitches[bin], 1)
      let column = Self.column(pitch: pitches[bin], spread: spread, classes: classes)
      for (index, weight) in column.enumerated() {
        // Pitch 0 is an A; the first class is C.
        let row = (index + classes - 3 * (classes / 12) % classes) % classes
        matrix[row * bins + bin] = Float(weight)
      }
    }
    self.matrix = matrix
  }

  /// Each bin's pitch in classes above the lowest A. The one at 0 Hz is made up: an octave and a half below the next.
  private static func pitches(
    sampleRate: Int, fftSize: Int, classes: Int, tuning: Double
  ) -> [Double] {
    let lowestA = 27.5 * exp2(tuning / Double(classes))
    let above = (1...fftSize / 2 + 1).map { bin in
      Double(classes) * log2(Double(bin) * Double(sampleRate) / Double(fftSize) / lowestA)
    }
    return [above[0] - 1.5 * Double(classes)] + above
  }

  private static func column(pitch: Double, spread: Double, classes: Int) -> [Double] {
    let count = Double(classes)
    let half = (count / 2).rounded(.toNearestOrEven)
    let weights = (0..<classes).map { index in
      let turned = pitch - Double(index) + half + 10 * count
      let distance = turned - count * (turned / count).rounded(.down) - half
      return exp(-2 * (distance / spread) * (distance / spread))
    }
    let length = sqrt(weights.reduce(0) { $0 + $1 * $1 })
    let octave = (pitch / count - center) / octaves
    return weights.map { $0 / length * exp(-octave * octave / 2) }
  }

  func callAsFunction(_ power: Frames) -> Frames {
    power.map(to: classes) { power, result, offset in
      multiply(matrix: matrix.span, power, into: &result, at: offset)
      var loudest: Float = 0
      for i in 0..<classes { loudest = max(loudest, result[offset + i]) }
      guard loudest >= Float.leastNormalMagnitude else { return }
      for i in 0..<classes { result[offset + i] /= loudest }
    }
  }
}
