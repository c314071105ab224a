import LinearAlgebra
package import StrictJSON

/// Each frame looks at all frames of its clip (Vaswani et al. 2017; `torch.nn.MultiheadAttention` of
/// x with itself, `batch_first`): for each head softmax(Q Kᵀ / √d) V, then one more matrix.
///
/// x is (T, E), the answer (T, E). Nothing tells frames' places apart; what stands before it must.
package struct SelfAttention: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = SelfAttention
    package static let typeName = "selfAttention"

    package var name: String
    /// Parts into which the channels are cut, each looking by itself.
    package var heads = 1

    package static var defaults: JSONValue? {
      options("heads", of: .init(name: ""))
    }

    package init(name: String, heads: Int = 1) {
      self.name = name
      self.heads = heads
    }
  }

  package let spec: Spec
  let input: FrameShape
  package let output: FrameShape
  /// (E, 3 E): queries, keys, values.
  let inputWeight: Range<Int>
  let inputBias: Range<Int>
  /// (E, E)
  package let outputWeight: Range<Int>
  package let outputBias: Range<Int>

  /// E
  var width: Int { input.channels }
  /// Channels of a head.
  var headWidth: Int { input.channels / spec.heads }
  var scale: Float { 1 / Float(headWidth).squareRoot() }

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
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

  package func floatingPointOperations(_ frames: Int) -> Int {
    8 * frames * width * width + 4 * frames * frames * width
  }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    let projected = projections(x, weights)
    return combine(attend(projected), weights)
  }

  /// Queries, keys and values, (T, 3 E).
  func projections(_ x: Batch, _ weights: Weights) -> Batch {
    apply(x, weights, inputWeight, inputBias)
  }

  /// The last matrix, over the heads' answers side by side.
  func combine(_ heads: Batch, _ weights: Weights) -> Batch {
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
  func attend(_ projected: Batch) -> Batch {
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

extension SelfAttention {
  package struct Tape: Sendable {
    let input: Batch
    /// Queries, keys and values, (T, 3 E).
    let projected: Batch
    /// The heads' answers side by side, (T, E).
    let heads: Batch
  }

  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let x = x
    let projected = projections(x, weights)
    let heads = attend(projected)
    return (combine(heads, weights), Tape(input: x, projected: projected, heads: heads))
  }

  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    let dheads = backward(dy, tape.heads, outputWeight, outputBias, weights, &gradient)
    return backward(
      dprojections(dheads, tape.projected), tape.input, inputWeight, inputBias, weights, &gradient)
  }

  /// Through y = x · W + b: dW = xᵀ · dy, db = Σ dy, dx = dy · Wᵀ.
  private func backward(
    _ dy: Batch, _ x: Batch, _ weight: Range<Int>, _ bias: Range<Int>, _ weights: Weights,
    _ gradient: inout [Float]
  ) -> Batch {
    gradient.updatePart(weight) {
      multiply(
        x.values.span, dy.values.span, transposing: .first, into: &$0, rows: x.channels,
        inner: x.frames, columns: dy.channels, accumulating: true)
    }
    gradient.updatePart(bias) { addColumnSums(of: dy.values.span, to: &$0) }
    var dx = Batch(unfilled: x.lengths, bands: 1, channels: x.channels)
    dx.values.updateAll {
      multiply(
        dy.values.span, weights.parameters.span.extracting(weight), transposing: .second,
        into: &$0, rows: x.frames, inner: dy.channels, columns: x.channels)
    }
    return dx
  }

  /// Gradients of queries, keys and values, side by side.
  private func dprojections(_ dheads: Batch, _ projected: Batch) -> Batch {
    var result = Batch(lengths: projected.lengths, bands: 1, channels: projected.channels)
    for clip in projected.frameRanges {
      for number in 0..<spec.heads {
        let head = AttentionHead(self, number, projected, clip)
        let first = number * headWidth
        let parts = head.backward(dheads.columns(first..<first + headWidth, of: clip))
        for (place, part) in parts.enumerated() {
          result.setColumns(place * width + first, of: clip.lowerBound, part, headWidth)
        }
      }
    }
    return result
  }
}

extension LayerSpec {
  package static func selfAttention(_ spec: SelfAttention.Spec) -> LayerSpec { LayerSpec(spec) }
}
