/// What the network sees of a recording: shape (T, F, C), time outermost, channels innermost.
public struct FeatureMap: Sendable, Equatable {
  /// T
  public let frames: Int
  /// F
  public let bands: Int
  /// C
  public let channels: Int
  /// T · F · C numbers.
  public var values: [Float]

  public init(frames: Int, bands: Int, channels: Int, values: [Float]) {
    precondition(
      values.count == frames * bands * channels, "\(values.count) values in a feature map")
    self.frames = frames
    self.bands = bands
    self.channels = channels
    self.values = values
  }

  public init(zeros frames: Int, bands: Int, channels: Int) {
    self.init(
      frames: frames, bands: bands, channels: channels,
      values: [Float](repeating: 0, count: frames * bands * channels))
  }

  public subscript(frame: Int, band: Int, channel: Int) -> Float {
    get { values[(frame * bands + band) * channels + channel] }
    set { values[(frame * bands + band) * channels + channel] = newValue }
  }
}
