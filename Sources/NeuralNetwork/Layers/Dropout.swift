/// Dropout (`torch.nn.Dropout`, or `Dropout2d` when whole channels drop together). A frozen network
/// passes its input on.
public struct Dropout: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public var rate: Float
    /// Drops a clip's whole channel instead of single values.
    public var channelwise = false

    public init(name: String, rate: Float, channelwise: Bool = false) {
      self.name = name
      self.rate = rate
      self.channelwise = channelwise
    }
  }

  public let spec: Spec
  public let output: FrameShape
  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape) throws(ModelError) {
    try spec.check(spec.rate >= 0 && spec.rate < 1, "rate must be at least 0 and below 1")
    self.spec = spec
    output = input
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch { x }
}
