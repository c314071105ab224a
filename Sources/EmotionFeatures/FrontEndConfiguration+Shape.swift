extension FrontEndConfiguration {
  /// F: bands of a feature map.
  public var bands: Int { planes.first?.bands ?? 0 }

  /// C: channels of a feature map.
  public var channels: Int { planes.count }

  /// Whether training has to find the statistics that normalise maps.
  public var needsStatistics: Bool { normalization == .fixed(nil) }

  /// Seconds from one frame to the next.
  public var frameDuration: Double { Double(hopLength) / Double(sampleRate) }
}
