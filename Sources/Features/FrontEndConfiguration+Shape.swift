extension FrontEndConfiguration {
  /// F: bands of a feature map.
  public var bands: Int { planes.first?.bands ?? 0 }

  /// C: channels of a feature map.
  public var channels: Int { planes.count }

  /// Whether training has to find the statistics that normalise maps.
  public var needsStatistics: Bool { normalization == .fixed(nil) }

  /// How a plane is brought to a common scale: by its own rule or, where it has none, the front end's.
  func rule(of plane: PlaneConfiguration) -> Normalization { plane.normalization ?? normalization }

  /// Seconds from one frame to the next.
  public var frameDuration: Double { Double(hopLength) / Double(sampleRate) }
}
