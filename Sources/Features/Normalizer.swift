import Glibc
import SignalProcessing

/// Brings maps to a common scale: each value loses a mean and is divided by a deviation.
struct Normalizer: Sendable {
  /// A smaller deviation is rounding noise around a constant and would be blown up.
  static let leastDeviation: Float = 1e-5

  /// Of all bands of all channels, where the recording itself does not tell; nil when nothing is to be normalised.
  private let fixed: FeatureStatistics?
  /// Bands of each channel that share the recording's own mean and deviation.
  private let groups: [[Range<Int>]]

  init(_ configuration: FrontEndConfiguration) {
    let rules = configuration.channels.map(configuration.rule)
    groups = zip(configuration.channels, rules).map { $0.groups($1) }
    if rules.allSatisfy({ $0 == .none }) {
      fixed = nil
      return
    }
    let width = configuration.bands * configuration.channelCount
    var fixed = FeatureStatistics(
      mean: [Float](repeating: 0, count: width), deviation: [Float](repeating: 1, count: width))
    for case (let channel, .fixed(let statistics?)) in rules.enumerated() {
      for place in stride(from: channel, to: width, by: configuration.channelCount) {
        fixed.mean[place] = statistics.mean[place]
        fixed.deviation[place] = statistics.deviation[place]
      }
    }
    self.fixed = fixed
  }

  func callAsFunction(_ map: FeatureMap) -> FeatureMap {
    guard map.frames > 0, let fixed else { return map }
    return map.normalized(by: map.statistics(of: groups, elsewhere: fixed))
  }
}

extension ChannelConfiguration {
  fileprivate func groups(_ rule: Normalization) -> [Range<Int>] {
    switch rule {
    case .none, .fixed: return []
    case .utterance: return [0..<bands]
    case .perBand: return (0..<bands).map { $0..<$0 + 1 }
    case .perFeature:
      var start = 0
      return features.map { feature in
        defer { start += feature.source.options.bands }
        return start..<start + feature.source.options.bands
      }
    }
  }
}

extension FeatureMap {
  /// One mean and deviation for each group of a channel's bands.
  fileprivate func statistics(
    of groups: [[Range<Int>]], elsewhere fixed: FeatureStatistics
  ) -> FeatureStatistics {
    var result = fixed
    let whole =
      groups.contains([0..<bands]) ? SignalProcessing.moments(values.span, channels: channels) : nil
    for channel in 0..<channels {
      for group in groups[channel] {
        let (mean, deviation) =
          if let whole, group == 0..<bands {
            Self.rounded((whole.means[channel], whole.variances[channel]))
          } else {
            moments(of: group, channel: channel)
          }
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
    let each = group.map { band in
      SignalProcessing.moments(
        values.span, offset: band * channels + channel, stride: bands * channels)
    }
    let mean = each.reduce(0) { $0 + $1.mean } / Double(each.count)
    // The variance of the whole: that within the bands and that between them.
    let variance = each.reduce(0) { $0 + $1.variance + ($1.mean - mean) * ($1.mean - mean) }
    return Self.rounded((mean, variance / Double(each.count)))
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
