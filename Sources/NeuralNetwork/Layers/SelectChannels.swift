import LinearAlgebra

/// Some of the input's channels, in the order given: a branch need not hear all planes.
public struct SelectChannels: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    /// Counted from 0.
    public var channels: [Int]

    public init(name: String, channels: [Int]) {
      self.name = name
      self.channels = channels
    }
  }

  public let spec: Spec
  public let input: FrameShape
  public let output: FrameShape

  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape) throws(NetworkError) {
    try spec.check(spec.channels.count, "the number of channels", 1...64)
    for channel in spec.channels { try spec.check(channel, "channel", 0...input.channels - 1) }
    try spec.check(!input.isPooled && input.mergedBands == 1, "needs frames with bands")
    self.spec = spec
    self.input = input
    output = FrameShape(bands: input.bands, channels: spec.channels.count)
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    let x = x
    let count = spec.channels.count
    var y = Batch(unfilled: x.lengths, bands: x.bands, channels: count)
    y.values.updateAll { y in
      let values = x.values.span
      for (place, channel) in spec.channels.enumerated() {
        for cell in 0..<values.count / x.channels {
          y[cell * count + place] = values[cell * x.channels + channel]
        }
      }
    }
    return y
  }
}
