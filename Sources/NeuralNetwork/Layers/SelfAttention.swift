import LinearAlgebra

/// Each frame looks at all frames of its clip (Vaswani et al. 2017; `torch.nn.MultiheadAttention` of
/// x with itself, `batch_first`): for each head softmax(Q Kᵀ / √d) V, then one more matrix.
///
/// x is (T, E), the answer (T, E). Nothing tells frames' places apart; what stands before it must.
public struct SelfAttention: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    /// Parts into which the channels are cut, each looking by itself.
    public var heads = 1

    public init(name: String, heads: Int = 1) {
      self.name = name
      self.heads = heads
    }
  }

  public let spec: Spec
  public let input: FrameShape
  public let output: FrameShape
  /// (E, 3 E): queries, keys, values.
  package let inputWeight: Range<Int>
  package let inputBias: Range<Int>
  /// (E, E)
  package let outputWeight: Range<Int>
  package let outputBias: Range<Int>

  public var name: String { spec.name }
  /// E
  package var width: Int { input.channels }
  /// Channels of a head.
  package var headWidth: Int { input.channels / spec.heads }
  package var scale: Float { 1 / Float(headWidth).squareRoot() }

  init(_ spec: Spec, input: FrameShape, layout: inout ParameterLayout) throws(ModelError) {
    try spec.check(!input.isPooled && input.bands == 1, "needs a sequence")
    try spec.check(spec.heads, "heads", 1...64)
    try spec.check(
      input.channels.isMultiple(of: spec.heads),
      "\(input.channels) channels cannot be cut into \(spec.heads) heads")
    self.spec = spec
    self.input = input
    let width = input.channels
    output = input.features(width)
    inputWeight = layout.addInputWeight(
      spec.name + ".in_proj_weight", outputs: 3 * width, input: input,
      initialization: .uniform((6 / Float(4 * width)).squareRoot()))
    inputBias = layout.addParameter(
      spec.name + ".in_proj_bias", shape: [3 * width], initialization: .constant(0), decays: false)
    outputWeight = layout.addParameter(
      spec.name + ".out_proj.weight", shape: [width, width], order: [1, 0],
      initialization: .uniform(1 / Float(width).squareRoot()), decays: true)
    outputBias = layout.addParameter(
      spec.name + ".out_proj.bias", shape: [width], initialization: .constant(0), decays: false)
  }

  public func floatingPointOperations(_ frames: Int) -> Int {
    8 * frames * width * width + 4 * frames * frames * width
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    let projected = projections(x, weights)
    return combine(attend(projected), weights)
  }

  /// Queries, keys and values, (T, 3 E).
  package func projections(_ x: Batch, _ weights: Weights) -> Batch {
    apply(x, weights, inputWeight, inputBias)
  }

  /// The last matrix, over the heads' answers side by side.
  package func combine(_ heads: Batch, _ weights: Weights) -> Batch {
    apply(heads, weights, outputWeight, outputBias)
  }

  private func apply(
    _ x: Batch, _ weights: Weights, _ weight: Range<Int>, _ bias: Range<Int>
  ) -> Batch {
    var y = Batch(unfilled: x.lengths, bands: 1, channels: bias.count)
    let parameters = weights.parameters.span
    y.values.updateAll {
      multiply(
        x.values.span, parameters.extracting(weight), into: &$0, rows: x.frames,
        inner: x.channels, columns: bias.count)
      addRow(parameters.extracting(bias), to: &$0)
    }
    return y
  }

  /// The heads' answers side by side, (T, E).
  package func attend(_ projected: Batch) -> Batch {
    var answer = Batch(unfilled: projected.lengths, bands: 1, channels: width)
    for clip in projected.frameRanges {
      for number in 0..<spec.heads {
        let head = AttentionHead(self, number, projected, clip)
        for block in head.blocks {
          let attention = head.attention(block)
          var part = [Float](unfilled: block.count * headWidth)
          part.updateAll {
            multiply(
              attention.span, head.values.span, into: &$0, rows: block.count, inner: clip.count,
              columns: headWidth)
          }
          answer.setColumns(
            number * headWidth, of: clip.lowerBound + block.lowerBound, part, headWidth)
        }
      }
    }
    return answer
  }
}
