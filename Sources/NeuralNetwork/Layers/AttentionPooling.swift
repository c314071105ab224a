import LinearAlgebra

/// A clip's weighted mean over time, the weights a softmax over w · tanh(x_t) + b (soft attention,
/// Mirsamadi et al. 2017); with the weighted deviation too, if asked (Okabe et al. 2018).
///
/// Only a clip's own frames take part, so its length or its neighbours change nothing.
public struct AttentionPooling: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public var deviation = false

    public init(name: String, deviation: Bool = false) {
      self.name = name
      self.deviation = deviation
    }
  }

  public let spec: Spec
  public let input: FrameShape
  public let output: FrameShape
  package let weight: Range<Int>
  package let bias: Range<Int>

  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape, layout: inout ParameterLayout) throws(ModelError) {
    try spec.check(!input.isPooled && input.bands == 1, "needs a sequence")
    self.spec = spec
    self.input = input
    output = input.pooled(withDeviation: spec.deviation)
    let start = Initialization.uniform(1 / Float(input.channels).squareRoot())
    weight = layout.addInputWeight(
      spec.name + ".weight", outputs: 1, input: input, initialization: start)
    bias = layout.addParameter(
      spec.name + ".bias", shape: [1], initialization: start, decays: false)
  }

  public func outputFrames(_ frames: Int) -> Int { min(frames, 1) }

  public func floatingPointOperations(_ frames: Int) -> Int { 4 * frames * input.channels }

  /// How much each frame counts; sums to one over each clip.
  package func attention(_ x: Batch, _ weights: Weights) -> (squashed: [Float], weights: [Float]) {
    var squashed = x.values
    squashed.updateAll { hyperbolicTangent(&$0) }
    var scores = [Float](repeating: weights.parameters[bias.lowerBound], count: x.frames)
    scores.updateAll {
      multiply(
        squashed.span, weights.parameters.span.extracting(weight), into: &$0,
        rows: x.frames, inner: x.channels, columns: 1, accumulating: true)
    }
    for range in x.frameRanges { scores.updatePart(range) { softmax(&$0) } }
    return (squashed, scores)
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    let x = x
    return pool(x, attention: attention(x, weights).weights)
  }

  package func pool(_ x: Batch, attention: [Float]) -> Batch {
    let (channels, width) = (x.channels, output.channels)
    var y = Batch(lengths: x.lengths.map { _ in 1 }, bands: 1, channels: width)
    for (clip, range) in x.frameRanges.enumerated() {
      let start = clip * width
      for t in range {
        let frame = x.values.span.extracting(t * channels..<(t + 1) * channels)
        y.values.updatePart(start..<start + channels) { addScaled(frame, attention[t], to: &$0) }
      }
      guard spec.deviation else { continue }
      for t in range {
        for c in 0..<channels {
          let distance = x.values[t * channels + c] - y.values[start + c]
          y.values[start + channels + c] += attention[t] * distance * distance
        }
      }
      for c in start + channels..<start + width {
        y.values[c] = max(y.values[c], StatisticsPooling.smallestVariance).squareRoot()
      }
    }
    return y
  }
}
