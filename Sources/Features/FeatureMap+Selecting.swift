extension FeatureMap {
  /// Some of its channels, in the order given.
  public func selecting(_ planes: [Int]) -> FeatureMap {
    var selected = FeatureMap(zeros: frames, bands: bands, channels: planes.count)
    var target = selected.values.mutableSpan
    let source = values.span
    for (place, plane) in planes.enumerated() {
      for cell in 0..<frames * bands {
        target[cell * planes.count + place] = source[cell * channels + plane]
      }
    }
    return selected
  }
}

extension FrontEndConfiguration {
  /// What makes some of the planes, in the order given, and brings them to the same scale.
  public func selecting(_ planes: [Int]) -> FrontEndConfiguration {
    var selected = self
    selected.planes = planes.map { self.planes[$0] }
    // Statistics that none of these planes asks for would only tell equal front ends apart.
    if selected.planes.allSatisfy({ $0.normalization != nil }) {
      selected.normalization = .none
    } else if case .fixed(let statistics?) = normalization {
      func part(_ values: [Float]) -> [Float] {
        FeatureMap(frames: 1, bands: bands, channels: channels, values: values).selecting(planes)
          .values
      }
      selected.normalization = .fixed(
        FeatureStatistics(mean: part(statistics.mean), deviation: part(statistics.deviation)))
    }
    return selected
  }
}
