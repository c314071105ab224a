extension FrontEndConfiguration {
  /// F: bands of a feature map, before functionals.
  public var bands: Int { channels.first?.bands ?? 0 }

  /// C: channels of a feature map, before functionals.
  public var channelCount: Int { channels.count }

  /// What a network gets: bands and channels of each frame, and whether there is one frame a recording.
  public var networkInput: (bands: Int, channels: Int, isVector: Bool) {
    if let functionals { (1, functionals.count, true) } else { (bands, channelCount, false) }
  }

  /// Whether training has to find the statistics that normalise maps.
  public var needsStatistics: Bool { normalization == .fixed(nil) }

  /// How a channel is brought to a common scale: by its own rule or, where it has none, the front end's.
  func rule(of channel: ChannelConfiguration) -> Normalization {
    channel.normalization ?? normalization
  }

  /// Seconds from one frame to the next.
  public var frameDuration: Double { Double(hopLength) / Double(sampleRate) }
}
