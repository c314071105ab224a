/// A network as data: the frames it takes and its layers in order.
public struct NetworkSpec: Codable, Sendable, Equatable {
  /// Bands of an input frame.
  public var bands: Int
  /// Channels of an input frame.
  public var channels: Int
  /// In order; names are unique, those inside others too.
  public var layers: [LayerSpec]

  /// Whether a clip comes as one vector (functionals), and not as frames; no, if not said.
  public var takesVectors: Bool?

  /// Nothing is checked before `Network` is made of it.
  public init(bands: Int, channels: Int, layers: [LayerSpec], takesVectors: Bool? = nil) {
    self.takesVectors = takesVectors
    self.bands = bands
    self.channels = channels
    self.layers = layers
  }
}
