public import Features
import Foundation
public import LinearAlgebra

extension AugmentationOptions {
  /// A clip's features, not yet normalised, changed at random.
  public func vary(_ map: FeatureMap, _ random: inout RandomSource) -> FeatureMap {
    var map = map
    if timeStretch > 0 {
      let factor = 1 + random.uniform(-timeStretch...timeStretch)
      map = map.stretched(to: max(1, Int((Float(map.frames) * factor).rounded())))
    }
    if bandWarp > 0, random.chance(0.5) {
      map = map.warped(by: 1 + random.uniform(-bandWarp...bandWarp))
    }
    if tilt > 0 { map.tilt(by: random.uniform(-tilt...tilt)) }
    if random.chance(noiseChance), noiseLevel.count == 2, noiseLevel[0] <= noiseLevel[1] {
      map.addNoise(level: random.uniform(noiseLevel[0]...noiseLevel[1]), &random)
    }
    return map
  }

  /// Masks of a normalised map, whose mean is zero.
  public func mask(_ map: inout FeatureMap, _ random: inout RandomSource) {
    for _ in 0..<bandMasks {
      let width = random.index(below: min(bandMaskWidth, map.bands) + 1)
      let first = random.index(below: map.bands - width + 1)
      map.clear(frames: 0..<map.frames, bands: first..<first + width)
    }
    for _ in 0..<timeMasks {
      let width = random.index(below: min(timeMaskWidth, map.frames / 4) + 1)
      let first = random.index(below: map.frames - width + 1)
      map.clear(frames: first..<first + width, bands: 0..<map.bands)
    }
  }
}

extension FeatureMap {
  /// The same clip in `count` frames, by linear interpolation along time.
  public func stretched(to count: Int) -> FeatureMap {
    let size = bands * channels
    let step = count > 1 ? Float(frames - 1) / Float(count - 1) : 0
    var stretched = [Float](repeating: 0, count: count * size)
    for t in 0..<count {
      let place = min(Float(t) * step, Float(frames - 1))
      let low = Int(place)
      let high = min(low + 1, frames - 1)
      let fraction = place - Float(low)
      for i in 0..<size {
        stretched[t * size + i] =
          values[low * size + i] * (1 - fraction) + values[high * size + i] * fraction
      }
    }
    return FeatureMap(frames: count, bands: bands, channels: channels, values: stretched)
  }

  /// Reads band b at b · factor, held at the last band.
  package func warped(by factor: Float) -> FeatureMap {
    var warped = self
    for band in 0..<bands {
      let place = min(Float(band) * factor, Float(bands - 1))
      let low = Int(place)
      let high = min(low + 1, bands - 1)
      let fraction = place - Float(low)
      for t in 0..<frames {
        for c in 0..<channels {
          let row = t * bands
          warped.values[(row + band) * channels + c] =
            values[(row + low) * channels + c] * (1 - fraction)
            + values[(row + high) * channels + c] * fraction
        }
      }
    }
    return warped
  }

  /// Lowers one end of the spectrum and lifts the other.
  package mutating func tilt(by decibels: Float) {
    for t in 0..<frames {
      for band in 0..<bands {
        let change = decibels * (Float(band) / Float(max(bands - 1, 1)) - 0.5)
        for c in 0..<channels { values[(t * bands + band) * channels + c] += change }
      }
    }
  }

  /// Adds noise whose mean lies `level` dB below the loudest value: powers add, decibels do not.
  /// All channels hear the same noise level; each value varies by 2 dB around it.
  package mutating func addNoise(level: Float, _ random: inout RandomSource) {
    let mean = (values.max() ?? 0) - level
    for i in values.indices where values[i] < mean + 20 {
      let noise = mean + 4 * (random.uniform() + random.uniform() + random.uniform() - 1.5)
      let (loud, soft) = values[i] > noise ? (values[i], noise) : (noise, values[i])
      values[i] = loud + 10 * log10(1 + exp((soft - loud) * 0.230_258_5))
    }
  }

  /// Sets a rectangle to zero, the mean of a normalised map.
  package mutating func clear(frames range: Range<Int>, bands band: Range<Int>) {
    for t in range {
      for i in (t * bands + band.lowerBound) * channels..<(t * bands + band.upperBound) * channels {
        values[i] = 0
      }
    }
  }
}
