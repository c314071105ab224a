public import Features
import Foundation
public import LinearAlgebra

extension AugmentationOptions {
  /// A clip's features, not yet normalised, changed at random.
  public func vary(_ map: FeatureMap, _ random: inout RandomSource) -> FeatureMap {
    var map = map
    if cropChance > 0, random.chance(cropChance) {
      let count = max(1, Int((Float(map.frames) * random.uniform(0.5...1)).rounded()))
      let first = random.index(below: map.frames - count + 1)
      map = map.cropped(to: first..<first + count)
    }
    if timeStretch > 0 {
      let factor = 1 + random.uniform(-timeStretch...timeStretch)
      map = map.resized(to: max(1, Int((Float(map.frames) * factor).rounded())))
    }
    if bandWarp > 0, random.chance(0.5) {
      map = map.warped(by: 1 + random.uniform(-bandWarp...bandWarp))
    }
    if equalizer > 0 {
      map.equalize((0..<3).map { _ in random.uniform(-equalizer...equalizer) })
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
  /// Some of its frames.
  package func cropped(to range: Range<Int>) -> FeatureMap {
    let width = bands * channels
    return FeatureMap(
      frames: range.count, bands: bands, channels: channels,
      values: Array(values[range.lowerBound * width..<range.upperBound * width]))
  }

  /// Puts another map's frames behind its own.
  package mutating func append(_ other: FeatureMap) {
    precondition(
      other.bands == bands && other.channels == channels, "maps of different shapes")
    self = FeatureMap(
      frames: frames + other.frames, bands: bands, channels: channels,
      values: values + other.values)
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

  /// Adds Σ gains[k] · cos(π (k + 1) (b + ½) / bands) to band b of each channel.
  package mutating func equalize(_ gains: [Float]) {
    let curve = (0..<bands).map { band in
      gains.enumerated().reduce(Float(0)) { sum, gain in
        sum + gain.element
          * cos(.pi * Float(gain.offset + 1) * (Float(band) + 0.5) / Float(bands))
      }
    }
    for place in values.indices { values[place] += curve[place / channels % bands] }
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
