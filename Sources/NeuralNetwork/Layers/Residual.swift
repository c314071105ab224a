import LinearAlgebra

/// x + f(x), f being a list of layers that gives frames as it gets them, and as many (He et al. 2016).
public struct Residual: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public var layers: [LayerSpec]

    public init(name: String, layers: [LayerSpec]) {
      self.name = name
      self.layers = layers
    }
  }

  public let spec: Spec
  public let output: FrameShape
  package internal(set) var layers: [any Layer]

  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape, layout: inout ParameterLayout) throws(ModelError) {
    let before = layout.parameterCount
    let layers = try spec.layers.layers(input: input, layout: &layout)
    guard let last = layers.last?.output, layout.parameterCount > before else {
      throw .invalidLayer(name: spec.name, problem: "needs a layer with weights")
    }
    try spec.check(
      last.lines(upWith: input),
      "its layers must give frames as they get them, (\(input.bands), \(input.channels)) and in "
        + "the same order; a dense layer before it and one at its end do that")
    try spec.check(
      (1...64).allSatisfy { layers.outputFrames($0) == $0 },
      "its layers must keep the number of frames")
    (self.spec, self.layers) = (spec, layers)
    output = input
  }

  public func floatingPointOperations(_ frames: Int) -> Int {
    layers.floatingPointOperations(frames)
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    let x = x
    var y = layers.reduce(x) { $1.forward($0, weights) }
    y.values.updateAll { addScaled(x.values.span, 1, to: &$0) }
    return y
  }
}
