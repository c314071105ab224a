public import Features
public import NeuralNetwork

/// What a network attends to in a clip, over time.
public struct AttentionTrace: Sendable {
  /// As the network sees the clip.
  public let map: FeatureMap
  /// Of each frame; they sum to one.
  public let weights: [Float]
  /// Seconds from one frame to the next.
  public let frameDuration: Double

  /// Nil when the network does not pool by attention, or the clip is too short for it.
  /// - Parameter map: Normalised.
  public init?(of map: FeatureMap, network: Network, weights: Weights, frameDuration: Double) {
    guard network.outputFrames(map.frames) > 0 else { return nil }
    let clip = Batch(
      lengths: [map.frames], bands: map.bands, channels: map.channels, values: map.values)
    guard let attention = network.attention(clip, weights) else { return nil }
    self.map = map
    self.weights = attention
    self.frameDuration = frameDuration
  }
}
