extension FeatureMap {
  /// Some of its channels, in the order given.
  public func selecting(_ chosen: [Int]) -> FeatureMap {
    var selected = FeatureMap(zeros: frames, bands: bands, channels: chosen.count)
    var target = selected.values.mutableSpan
    let source = values.span
    for (place, channel) in chosen.enumerated() {
      for cell in 0..<frames * bands {
        target[cell * chosen.count + place] = source[cell * channels + channel]
      }
    }
    return selected
  }
}

extension FrontEndConfiguration {
  /// What makes some of the channels, in the order given, and brings them to the same scale.
  public func selecting(_ chosen: [Int]) -> FrontEndConfiguration {
    var selected = self
    selected.channels = chosen.map { channels[$0] }
    // Statistics that none of these channels asks for would only tell equal front ends apart.
    if selected.channels.allSatisfy({ $0.normalization != nil }) {
      selected.normalization = .none
    } else if case .fixed(let statistics?) = normalization {
      func part(_ values: [Float]) -> [Float] {
        FeatureMap(frames: 1, bands: bands, channels: channelCount, values: values).selecting(
          chosen
        )
        .values
      }
      selected.normalization = .fixed(
        FeatureStatistics(mean: part(statistics.mean), deviation: part(statistics.deviation)))
    }
    return selected
  }
}
