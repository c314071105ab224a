/// How a voice, its microphone and its room colour a recording: mean and deviation over time of each band of each channel.
///
/// MixStyle (Zhou et al. 2021) takes such moments for the style of a picture, Freq-MixStyle (Kim et al. 2022) band by band for that of a
/// recording.
package struct BandStyle: Sendable, Equatable {
  /// F · C numbers, channels innermost.
  package var means: [Float]
  /// F · C numbers.
  package var deviations: [Float]

  package init(means: [Float], deviations: [Float]) {
    precondition(
      means.count == deviations.count, "\(means.count) means, \(deviations.count) deviations")
    self.means = means
    self.deviations = deviations
  }

  /// - Precondition: there are frames.
  package init(of map: FeatureMap) {
    let rows = map.bands * map.channels
    let count = Float(map.frames)
    var means = [Float](repeating: 0, count: rows)
    var squares = means
    for start in stride(from: 0, to: map.values.count, by: rows) {
      for row in 0..<rows { means[row] += map.values[start + row] / count }
    }
    for start in stride(from: 0, to: map.values.count, by: rows) {
      for row in 0..<rows {
        let difference = map.values[start + row] - means[row]
        squares[row] += difference * difference / count
      }
    }
    self.means = means
    deviations = squares.map { $0.squareRoot() }
  }

  /// Of several recordings.
  /// - Precondition: there is at least one, and all are of one shape.
  package init(meanOf styles: [BandStyle]) {
    let count = Float(styles.count)
    means = styles[0].means.indices.map { row in
      styles.reduce(0) { $0 + $1.means[row] } / count
    }
    deviations = styles[0].deviations.indices.map { row in
      styles.reduce(0) { $0 + $1.deviations[row] } / count
    }
  }
}

extension BandStyle {
  /// The mean of two, the first of which counts `weight` (0 to 1).
  package func mean(with other: BandStyle, weight: Float) -> BandStyle {
    func mean(_ own: [Float], _ others: [Float]) -> [Float] {
      zip(own, others).map { weight * $0 + (1 - weight) * $1 }
    }
    return BandStyle(
      means: mean(means, other.means), deviations: mean(deviations, other.deviations))
  }
}

extension FeatureMap {
  /// Moves each row's mean and deviation by what distinguishes two styles.
  ///
  /// The recording keeps what distinguishes it from its own style, which is that of its speaker: an angry clip stays louder in the
  /// high bands than the speaker's others.
  /// - Parameter fraction: How far it goes: 0 changes nothing, 1 is the whole way.
  package mutating func move(from own: BandStyle, to other: BandStyle, fraction: Float) {
    let rows = bands * channels
    var (scales, shifts) = (own.means, own.means)
    for row in 0..<rows {
      let scale = other.deviations[row] / max(own.deviations[row], Self.leastDeviation)
      scales[row] = 1 + (scale - 1) * fraction
      let mean = own.means[row] + (other.means[row] - own.means[row]) * fraction
      shifts[row] = mean - own.means[row] * scales[row]
    }
    for start in stride(from: 0, to: values.count, by: rows) {
      for row in 0..<rows { values[start + row] = values[start + row] * scales[row] + shifts[row] }
    }
  }

  /// In decibels: a band that hardly moves holds no voice, and is not blown up.
  private static let leastDeviation: Float = 0.5
}
