import SignalProcessing

/// Linear interpolation of `count` points at the places of `size`, both spread evenly over the same length, as image
/// libraries do (`torch.nn.functional.interpolate(mode="linear", align_corners=False)`).
private func places(
  _ size: Int, over count: Int
) -> [(lower: Int, upper: Int, weight: Float)] {
  (0..<size).map { i in
    let center = (Double(i) + 0.5) * Double(count) / Double(size) - 0.5
    let position = min(max(center, 0), Double(count - 1))
    let lower = Int(position)
    return (lower, min(lower + 1, count - 1), Float(position - Double(lower)))
  }
}

extension Frames {
  /// Rows one beside the other.
  init(sideBySide parts: [Frames]) {
    guard parts.count > 1 else {
      self = parts[0]
      return
    }
    precondition(parts.allSatisfy { $0.count == parts[0].count }, "features of different lengths")
    var values: [Float] = []
    for t in 0..<parts[0].count {
      for part in parts { values.append(contentsOf: part[t]) }
    }
    self.init(width: parts.reduce(0) { $0 + $1.width }, values: values)
  }

  /// Rows stretched or squeezed to another width.
  func resized(to size: Int) -> Frames {
    let places = places(size, over: width)
    return Frames(
      width: size,
      values: (0..<count).flatMap { t in
        places.map { self[t, $0.lower] + $0.weight * (self[t, $0.upper] - self[t, $0.lower]) }
      })
  }
}

extension FeatureMap {
  /// The time axis stretched or squeezed to that many frames.
  package func resized(to size: Int) -> FeatureMap {
    let width = bands * channels
    var result = FeatureMap(zeros: size, bands: bands, channels: channels)
    let source = values.span
    var target = result.values.mutableSpan
    for (t, place) in places(size, over: frames).enumerated() {
      let lower = source.extracting(place.lower * width..<(place.lower + 1) * width)
      let upper = source.extracting(place.upper * width..<(place.upper + 1) * width)
      blend(lower, upper, weight: place.weight, into: &target, at: t * width)
    }
    return result
  }

  /// The middle of a longer map, or a shorter one with zeros at one end.
  package func fitted(to size: Int, padding end: LengthRule.Padding) -> FeatureMap {
    let width = bands * channels
    let start = max(frames - size, 0) / 2
    let kept = values[start * width..<min(start + size, frames) * width]
    let padding = [Float](repeating: 0, count: size * width - kept.count)
    return FeatureMap(
      frames: size, bands: bands, channels: channels,
      values: end == .after ? kept + padding : padding + kept)
  }
}

extension LengthRule {
  func apply(to map: FeatureMap) -> FeatureMap {
    switch self {
    case .any: map
    case .fixed(let frames, let padding): map.fitted(to: frames, padding: padding)
    case .resized(let frames): map.frames == 0 ? map : map.resized(to: frames)
    }
  }
}
