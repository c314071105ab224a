/// A network as data: the frames it takes and its layers in order.
public struct NetworkSpec: Codable, Sendable, Equatable {
  /// Bands of an input frame.
  public var bands: Int
  /// Channels (planes) of an input frame.
  public var channels: Int
  public var layers: [LayerSpec]
  /// Whether a clip comes as one vector (functionals), and not as frames; no, if not said.
  public var takesVectors: Bool?

  public init(bands: Int, channels: Int, layers: [LayerSpec], takesVectors: Bool? = nil) {
    self.takesVectors = takesVectors
    self.bands = bands
    self.channels = channels
    self.layers = layers
  }
}
