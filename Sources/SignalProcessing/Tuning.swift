import Glibc

extension Frames {
  /// How far a power spectrogram's peaks lie from the pitches of A440, in fractions of a pitch class: −0.5 ..< 0.5 in
  /// steps of 0.01 (`librosa.estimate_tuning`).
  public func tuning(sampleRate: Int, classes: Int = 12) -> Double {
    let peaks = spectralPeaks(sampleRate: sampleRate)
    guard !peaks.isEmpty else { return 0 }
    let threshold = median(peaks.map(\.strength))
    var votes = [Int](repeating: 0, count: 100)
    for peak in peaks where peak.strength >= threshold {
      votes[Self.step(of: peak.frequency, classes: classes)] += 1
    }
    let winner = votes.indices.reduce(0) { votes[$1] > votes[$0] ? $1 : $0 }
    return Double(winner) * 0.01 - 0.5
  }

  /// Which of the hundred steps a pitch falls into.
  private static func step(of frequency: Float, classes: Int) -> Int {
    let pitch = Float(classes) * log2(frequency / 27.5)
    let above = pitch - pitch.rounded(.down)
    let residual = Double(above >= 0.5 ? above - 1 : above)
    return min(max(Int(((residual + 0.5) / 0.01).rounded(.down)), 0), 99)
  }

  /// Local maxima between 150 Hz and 4 kHz that reach a tenth of their frame's largest value, refined by a parabola
  /// (`librosa.piptrack`).
  private func spectralPeaks(sampleRate: Int) -> [(frequency: Float, strength: Float)] {
    let spacing = Double(sampleRate) / Double(2 * (width - 1))
    let audible = (1..<max(width - 1, 1)).filter { bin in
      let frequency = Double(bin) * spacing
      return frequency >= 150 && frequency < min(4000, Double(sampleRate) / 2)
    }
    var result: [(frequency: Float, strength: Float)] = []
    for t in 0..<count {
      let threshold = 0.1 * (self[t].max() ?? 0)
      for bin in audible {
        let (left, peak, right) = (self[t, bin - 1], self[t, bin], self[t, bin + 1])
        guard peak > threshold && peak > left && peak >= right else { continue }
        let shift = Self.vertex(left, peak, right)
        let frequency = Float((Double(bin) + Double(shift)) * spacing)
        result.append((frequency, peak + 0.25 * (right - left) * shift))
      }
    }
    return result
  }

  /// Where the parabola through three neighbours has its top, in steps from the middle one; 0 where that is no neighbour.
  private static func vertex(_ left: Float, _ middle: Float, _ right: Float) -> Float {
    let curvature = right + left - 2 * middle
    let slope = (right - left) / 2
    return abs(slope) >= abs(curvature) ? 0 : -slope / curvature
  }
}

private func median(_ values: [Float]) -> Float {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}
