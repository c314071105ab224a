import Glibc

/// How far peaks stand above valleys in each octave, in dB (`librosa.feature.spectral_contrast`). Like librosa, it takes
/// the decibels of magnitudes as if they were powers.
public struct SpectralContrast: SpectralFeature {
  /// Bins of each octave, and how many of the highest and lowest are averaged.
  struct Octave: Sendable {
    let bins: Range<Int>
    let extremes: Int
  }

  let octaves: [Octave]
  private let isLinear: Bool

  /// One more than the octaves above `low`: what lies below it comes first.
  public var width: Int { octaves.count }

  /// A valley may be the stop band of a resampler, 120 dB below the voice.
  public var needsPreciseSpectrum: Bool { true }

  /// - Parameters:
  ///   - sampleRate: Hz
  ///   - low: where the first octave begins, Hz.
  ///   - quantile: fraction of an octave's bins that count as peak, and as valley.
  ///   - isLinear: peak − valley of magnitudes, not of decibels.
  public init(
    sampleRate: Int, fftSize: Int, octaves: Int = 6, low: Double = 200, quantile: Double = 0.02,
    isLinear: Bool = false
  ) throws(SignalError) {
    try STFT.check(fftSize)
    try require(sampleRate > 0, "sampleRate", Double(sampleRate))
    try require(low > 0 && low.isFinite, "low", low)
    try require(quantile > 0 && quantile < 1, "quantile", quantile)
    try require((1...32).contains(octaves), "octaves", Double(octaves))
    let lastOctave = low * exp2(Double(octaves - 1))
    try require(lastOctave < Double(sampleRate) / 2, "octaves", Double(octaves))
    self.isLinear = isLinear
    var result: [Octave] = []
    for index in 0...octaves {
      let edges = (index == 0 ? 0 : low * exp2(Double(index - 1)), low * exp2(Double(index)))
      let octave = Octave(
        edges: edges, isFirst: index == 0, isLast: index == octaves, quantile: quantile,
        spacing: Double(sampleRate) / Double(fftSize), binCount: fftSize / 2 + 1)
      // So narrow an octave that no bin is left in it.
      guard let octave else { throw .invalidOption(name: "low", value: low) }
      result.append(octave)
    }
    self.octaves = result
  }

  /// Peaks of all octaves, then valleys.
  public func rows(_ power: Frames) -> Frames {
    var extremes = Extremes()
    return power.map(to: 2 * width) { power, result, offset in
      for (index, octave) in octaves.enumerated() {
        extremes.find(octave.extremes, in: power.extracting(octave.bins))
        result[offset + index] = Self.meanMagnitude(extremes.highest)
        result[offset + width + index] = Self.meanMagnitude(extremes.lowest)
      }
    }
  }

  public func finish(_ rows: consuming Frames) -> Frames {
    let peaks = level(rows, from: 0)
    var result = level(rows, from: width)
    for i in result.values.indices { result.values[i] = peaks.values[i] - result.values[i] }
    return result
  }

  private func level(_ rows: Frames, from first: Int) -> Frames {
    let columns = rows.map(to: width) { row, result, offset in
      for i in 0..<width { result[offset + i] = row[first + i] }
    }
    return isLinear ? columns : Decibels()(columns)
  }

  private static func meanMagnitude(_ powers: [Float]) -> Float {
    powers.reduce(0) { $0 + $1.squareRoot() } / Float(powers.count)
  }
}

extension SpectralContrast.Octave {
  /// librosa's bins: from one below the lower edge, all the way up in the last octave, and without the topmost in others.
  fileprivate init?(
    edges: (low: Double, high: Double), isFirst: Bool, isLast: Bool, quantile: Double,
    spacing: Double, binCount: Int
  ) {
    let inside = (0..<binCount).filter { bin in
      let frequency = Double(bin) * spacing
      return frequency >= edges.low && frequency <= edges.high
    }
    guard let first = inside.first, let last = inside.last, isFirst || first > 0 else { return nil }
    let start = isFirst ? first : first - 1
    let end = isLast ? binCount : last + 1
    bins = start..<max(start, isLast ? end : end - 1)
    extremes = min(
      max(Int((quantile * Double(end - start)).rounded(.toNearestOrEven)), 1), bins.count)
    if bins.isEmpty { return nil }
  }
}

/// The few highest and lowest of many numbers; keeps its memory from one search to the next.
private struct Extremes {
  /// In ascending order.
  private(set) var lowest: [Float] = []
  /// In descending order.
  private(set) var highest: [Float] = []

  /// - Precondition: there are as many values as are looked for, which is one at least.
  mutating func find(_ count: Int, in values: Span<Float>) {
    lowest.removeAll(keepingCapacity: true)
    for i in 0..<count { lowest.append(values[i]) }
    lowest.sort()
    highest.removeAll(keepingCapacity: true)
    highest.append(contentsOf: lowest.reversed())
    // Most values are none of either.
    var bounds = (low: lowest[count - 1], high: highest[count - 1])
    for i in count..<values.count {
      let value = values[i]
      if value < bounds.low {
        bounds.low = Self.replaceLast(of: &lowest, by: value, before: <)
      }
      if value > bounds.high {
        bounds.high = Self.replaceLast(of: &highest, by: value, before: >)
      }
    }
  }

  /// What is last afterwards.
  @inline(__always)
  private static func replaceLast(
    of list: inout [Float], by value: Float, before: (Float, Float) -> Bool
  ) -> Float {
    var place = list.count - 1
    while place > 0 && before(value, list[place - 1]) {
      list[place] = list[place - 1]
      place -= 1
    }
    list[place] = value
    return list[list.count - 1]
  }
}
