import AudioIO
import SignalProcessing

/// Computes each distinct feature once and lays the planes out of them.
struct PlaneExtractor: Sendable {
  /// A feature of a plane: which source, and its change over time.
  private struct Part: Sendable {
    let source: Int
    let delta: Delta?
  }

  private struct Plane: Sendable {
    let parts: [Part]
    let resizedBands: Int?
  }

  private let sources: SourceSet
  private let planes: [Plane]

  /// Frames that the widest delta needs.
  let leastFrames: Int

  /// - Precondition: the configuration is valid.
  init(_ configuration: FrontEndConfiguration) throws(SignalError) {
    var keys: [SourceKey] = []
    var planes: [Plane] = []
    for plane in configuration.planes {
      var parts: [Part] = []
      for feature in plane.features {
        let key = SourceKey(feature, in: configuration)
        if !keys.contains(key) { keys.append(key) }
        guard let source = keys.firstIndex(of: key) else { continue }
        parts.append(Part(source: source, delta: try Delta(feature.delta)))
      }
      planes.append(Plane(parts: parts, resizedBands: plane.resizedBands))
    }
    self.planes = planes
    sources = try SourceSet(keys, in: configuration)
    leastFrames = planes.flatMap(\.parts).reduce(1) { max($0, $1.delta?.width ?? 1) }
  }

  /// The map (T, F, C) of samples that make at least `leastFrames` frames.
  func callAsFunction(_ samples: Span<Float>) throws(AudioError) -> FeatureMap {
    let features = try sources(samples)
    return FeatureMap(
      planes: planes.map { plane in
        let bands = Frames(sideBySide: plane.parts.map { features[$0.source].derived($0.delta) })
        return plane.resizedBands.map { bands.resized(to: $0) } ?? bands
      })
  }
}

extension Delta {
  fileprivate init?(_ configuration: DeltaConfiguration?) throws(SignalError) {
    guard let configuration else { return nil }
    try self.init(width: configuration.width, order: configuration.order)
  }
}

extension Frames {
  fileprivate func derived(_ delta: Delta?) -> Frames {
    guard let delta else { return self }
    guard let result = try? delta(self) else {
      preconditionFailure("\(count) frames for a delta over \(delta.width)")
    }
    return result
  }
}

extension FeatureMap {
  /// Channels side by side in the innermost place.
  fileprivate init(planes: [Frames]) {
    let (frames, bands) = (planes[0].count, planes[0].width)
    guard planes.count > 1 else {
      self.init(frames: frames, bands: bands, channels: 1, values: planes[0].values)
      return
    }
    self.init(zeros: frames, bands: bands, channels: planes.count)
    for (channel, plane) in planes.enumerated() {
      precondition(plane.count == frames && plane.width == bands, "planes of different shapes")
      for (i, value) in plane.values.enumerated() { values[i * channels + channel] = value }
    }
  }
}
