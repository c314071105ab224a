import Glibc
import SignalProcessing

/// Brings maps to a common scale: each value loses a mean and is divided by a deviation.
struct Normalizer: Sendable {
  /// A smaller deviation is rounding noise around a constant and would be blown up.
  static let leastDeviation: Float = 1e-5

  private let rule: Normalization
  /// Bands of each feature, plane by plane.
  private let features: [[Range<Int>]]

  init(_ configuration: FrontEndConfiguration) {
    rule = configuration.normalization
    features = configuration.planes.map { plane in
      var start = 0
      return plane.features.map { feature in
        defer { start += feature.source.bands }
        return start..<start + feature.source.bands
      }
    }
  }

  func callAsFunction(_ map: FeatureMap) -> FeatureMap {
    guard map.frames > 0, let statistics = statistics(of: map) else { return map }
    return map.normalized(by: statistics)
  }

  private func statistics(of map: FeatureMap) -> FeatureStatistics? {
    switch rule {
    case .none: nil
    case .fixed(let statistics): statistics
    case .utterance: map.statistics { _ in [0..<map.bands] }
    case .perBand: map.statistics { _ in (0..<map.bands).map { $0..<$0 + 1 } }
    case .perFeature: map.statistics { features[$0] }
    }
  }
}

extension FeatureMap {
  /// One mean and deviation for each group of bands that `groups` makes of a channel.
  fileprivate func statistics(groups: (_ channel: Int) -> [Range<Int>]) -> FeatureStatistics {
    let width = bands * channels
    var result = FeatureStatistics(
      mean: [Float](repeating: 0, count: width), deviation: [Float](repeating: 1, count: width))
    for channel in 0..<channels {
      for group in groups(channel) {
        let (mean, deviation) = moments(of: group, channel: channel)
        for band in group {
          result.mean[band * channels + channel] = mean
          result.deviation[band * channels + channel] = deviation
        }
      }
    }
    return result
  }

  /// Mean and population deviation over all frames and some bands of a channel.
  private func moments(of group: Range<Int>, channel: Int) -> (mean: Float, deviation: Float) {
    if group == 0..<bands { return Self.rounded(channelMoments(channel)) }
    let each = group.map { band in
      SignalProcessing.moments(
        values.span, offset: band * channels + channel, stride: bands * channels)
    }
    let mean = each.reduce(0) { $0 + $1.mean } / Double(each.count)
    // The variance of the whole: that within the bands and that between them.
    let variance = each.reduce(0) { $0 + $1.variance + ($1.mean - mean) * ($1.mean - mean) }
    return Self.rounded((mean, variance / Double(each.count)))
  }

  private func channelMoments(_ channel: Int) -> (mean: Double, variance: Double) {
    SignalProcessing.moments(values.span, offset: channel, stride: channels)
  }

  private static func rounded(
    _ moments: (mean: Double, variance: Double)
  ) -> (mean: Float, deviation: Float) {
    (Float(moments.mean), Float(sqrt(moments.variance)))
  }

  fileprivate func normalized(by statistics: FeatureStatistics) -> FeatureMap {
    let width = bands * channels
    precondition(statistics.mean.count == width, "statistics of another shape")
    let factors = statistics.deviation.map { 1 / max($0, Normalizer.leastDeviation) }
    var result = self
    var target = result.values.mutableSpan
    let means = statistics.mean.span
    let scales = factors.span
    for t in 0..<frames {
      for i in 0..<width {
        target[t * width + i] = (target[t * width + i] - means[i]) * scales[i]
      }
    }
    return result
  }
}
