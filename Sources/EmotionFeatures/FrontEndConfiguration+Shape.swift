extension FrontEndConfiguration {
  /// F: bands of a feature map.
  public var bands: Int { planes.first?.bands ?? 0 }

  /// C: channels of a feature map.
  public var channels: Int { planes.count }

  /// Seconds from one frame to the next.
  public var frameDuration: Double { Double(hopLength) / Double(sampleRate) }
}
