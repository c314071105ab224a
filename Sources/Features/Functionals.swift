import Foundation
import LinearAlgebra

/// What a recording's features are like over time, in one vector of fixed statistics ("functionals", Eyben et al. 2010): nothing
/// here is learned.
///
/// Each channel's bands first become coefficients (orthonormal DCT-II; of a log-mel spectrogram, MFCC), or stay as they are where
/// they are no spectrum. Of all K coefficients' trajectories over T frames it then gives, K values each and in this order:
/// 1. the mean and the deviation,
/// 2. the same with each frame weighted by its loudness, exp(2 · level), the level being the mean of the first channel's bands
///    (where that stays as it is, its first band),
/// 3. the mean with each frame weighted by how harmonic it is, exp(4 · h), h being the mean size of the last channel's
///    coefficients from the eighth on: over a channel that resolves harmonics, voiced frames,
/// 4. for each lag l the root mean square of x[t + l] - x[t]: how fast it moves; 0 when the clip has no l frames more,
/// 5. the skewness, with the deviation held up to 0.001,
/// 6. the means of the first and of the second third of the frames, less the mean: how it goes over the utterance.
public struct FunctionalsConfiguration: Codable, Sendable, Equatable, Hashable {
  /// Coefficients kept of each channel, the first ones.
  public var coefficients: [Int]
  /// In frames.
  public var lags = [1, 4, 12]
  /// Channels, counted from 0, whose bands are the coefficients: features of several kinds, one above the other.
  public var untransformed: [Int]?

  public init(coefficients: [Int], lags: [Int] = [1, 4, 12], untransformed: [Int]? = nil) {
    self.coefficients = coefficients
    self.lags = lags
    self.untransformed = untransformed
  }

  /// Numbers of a vector.
  public var count: Int { coefficients.reduce(0, +) * (8 + lags.count) }

  fileprivate func isUntransformed(_ channel: Int) -> Bool {
    untransformed?.contains(channel) ?? false
  }
}

/// Computes the functionals that a configuration names.
struct Functionals: Sendable {
  private let configuration: FunctionalsConfiguration
  private let bands: Int
  private let channels: Int
  /// Of each channel (bands, coefficients), from its bands to its coefficients; nil where its first bands are those.
  private let transforms: [[Float]?]
  /// Of the last channel, those that are large where single harmonics show: from the eighth on.
  private let harmonic: Range<Int>
  /// By what twice the level is the first coefficient, which is √bands times it where it comes of a cosine transform.
  private let loudnessScale: Float

  /// - Precondition: the configuration is valid for maps of so many bands and channels.
  init(_ configuration: FunctionalsConfiguration, bands: Int, channels: Int) {
    self.configuration = configuration
    self.bands = bands
    self.channels = channels
    transforms = configuration.coefficients.enumerated().map { channel, count in
      if configuration.isUntransformed(channel) { return nil }
      return (0..<bands).flatMap { band in (0..<count).map { cosine($0, band, of: bands) } }
    }
    let count = configuration.coefficients.reduce(0, +)
    harmonic = min(count - (configuration.coefficients.last ?? 0) + 8, count)..<count
    loudnessScale = configuration.isUntransformed(0) ? 2 : 2 / Float(bands).squareRoot()
  }

  /// The functionals of a map, as a map of one frame of one band; without frames where it has none.
  func callAsFunction(_ map: FeatureMap) -> FeatureMap {
    let count = configuration.count
    guard map.frames > 0 else { return FeatureMap(zeros: 0, bands: 1, channels: count) }
    return FeatureMap(frames: 1, bands: 1, channels: count, values: vector(map.values.span))
  }

  /// The functionals of one clip (T, bands, channels).
  private func vector(_ clip: Span<Float>) -> [Float] {
    let frames = clip.count / (bands * channels)
    let trajectories = trajectories(of: clip, frames: frames)
    let moments = ColumnMoments(of: trajectories.values.span, columns: trajectories.width)
    let loudness = trajectories.loudness(scale: loudnessScale)
    let loud = trajectories.mean(weights: loudness)
    let voiced = trajectories.mean(weights: trajectories.harmonicity(harmonic))
    let deviation = moments.variance.map { $0.squareRoot() }
    let thirds = (0..<2).flatMap { third in
      zip(trajectories.mean(frames / 3 * third..<frames / 3 * (third + 1)), moments.mean).map {
        frames < 3 ? 0 : $0 - $1
      }
    }
    return moments.mean + deviation + loud
      + trajectories.deviation(from: loud, weights: loudness) + voiced
      + configuration.lags.flatMap(trajectories.change)
      + trajectories.skewness(mean: moments.mean, deviation: deviation) + thirds
  }

  /// The coefficients of a clip (T, bands, channels), one channel after the other.
  private func trajectories(of clip: Span<Float>, frames: Int) -> Trajectories {
    let width = configuration.coefficients.reduce(0, +)
    var values = [Float](repeating: 0, count: frames * width)
    var first = 0
    for (channel, count) in configuration.coefficients.enumerated() {
      let part = coefficients(count, of: channel, in: clip, frames: frames)
      for t in 0..<frames {
        for k in 0..<count { values[t * width + first + k] = part[t * count + k] }
      }
      first += count
    }
    return Trajectories(frames: frames, width: width, values: values)
  }

  /// (T, count) of one channel.
  private func coefficients(
    _ count: Int, of channel: Int, in clip: Span<Float>, frames: Int
  ) -> [Float] {
    let bands = transforms[channel] == nil ? count : self.bands
    var rows = [Float](repeating: 0, count: frames * bands)
    for t in 0..<frames {
      for band in 0..<bands {
        rows[t * bands + band] = clip[(t * self.bands + band) * channels + channel]
      }
    }
    guard let transform = transforms[channel] else { return rows }
    var coefficients = [Float](repeating: 0, count: frames * count)
    coefficients.updateAll {
      multiply(rows.span, transform.span, into: &$0, rows: frames, inner: bands, columns: count)
    }
    return coefficients
  }
}

/// Of the orthonormal DCT-II.
private func cosine(_ k: Int, _ band: Int, of bands: Int) -> Float {
  let scale = ((k == 0 ? 1 : 2) / Double(bands)).squareRoot()
  return Float(scale * cos(Double.pi * Double(k) * (Double(band) + 0.5) / Double(bands)))
}

/// Coefficients over time: (frames, width).
private struct Trajectories {
  let frames: Int
  let width: Int
  let values: [Float]

  /// Softmax over time of twice the level, which is the first coefficient but for a factor.
  func loudness(scale: Float) -> [Float] {
    var weights = (0..<frames).map { scale * values[$0 * width] }
    weights.updateAll { softmax(&$0) }
    return weights
  }

  /// Softmax over time of four times the mean size of some coefficients.
  func harmonicity(_ coefficients: Range<Int>) -> [Float] {
    let scale = 4 / Float(max(coefficients.count, 1))
    var weights = (0..<frames).map { t in
      scale * coefficients.reduce(Float(0)) { $0 + abs(values[t * width + $1]) }
    }
    weights.updateAll { softmax(&$0) }
    return weights
  }

  /// Each frame counts as its weight says; the weights sum to 1.
  func mean(weights: [Float]) -> [Float] {
    var mean = [Float](repeating: 0, count: width)
    mean.updateAll { mean in
      for t in 0..<frames {
        addScaled(values.span.extracting(t * width..<(t + 1) * width), weights[t], to: &mean)
      }
    }
    return mean
  }

  func deviation(from mean: [Float], weights: [Float]) -> [Float] {
    var variance = [Float](repeating: 0, count: width)
    for t in 0..<frames {
      for c in 0..<width {
        let distance = values[t * width + c] - mean[c]
        variance[c] += weights[t] * distance * distance
      }
    }
    return variance.map { $0.squareRoot() }
  }

  func mean(_ range: Range<Int>) -> [Float] {
    var sums = [Float](repeating: 0, count: width)
    sums.updateAll { sums in
      addColumnSums(
        of: values.span.extracting(range.lowerBound * width..<range.upperBound * width), to: &sums)
    }
    return sums.map { $0 / Float(max(range.count, 1)) }
  }

  /// Root mean square of the change over `lag` frames.
  func change(_ lag: Int) -> [Float] {
    var squares = [Float](repeating: 0, count: width)
    guard frames > lag else { return squares }
    for t in lag..<frames {
      for c in 0..<width {
        let step = values[t * width + c] - values[(t - lag) * width + c]
        squares[c] += step * step
      }
    }
    return squares.map { ($0 / Float(frames - lag)).squareRoot() }
  }

  func skewness(mean: [Float], deviation: [Float]) -> [Float] {
    var cubes = [Float](repeating: 0, count: width)
    let scale = deviation.map { 1 / max($0, 1e-3) }
    for t in 0..<frames {
      for c in 0..<width {
        let distance = (values[t * width + c] - mean[c]) * scale[c]
        cubes[c] += distance * distance * distance
      }
    }
    return cubes.map { $0 / Float(max(frames, 1)) }
  }
}
