import LinearAlgebra
package import StrictJSON

/// A clip's weighted mean over time, the weights a softmax over w · tanh(x_t) + b (soft attention,
/// Mirsamadi et al. 2017); with the weighted deviation too, if asked (Okabe et al. 2018).
///
/// Only a clip's own frames take part, so its length or its neighbours change nothing.
package struct AttentionPooling: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = AttentionPooling
    package static let typeName = "attentionPooling"

    package var name: String
    package var deviation = false

    package static var defaults: JSONValue? {
      options("deviation", of: .init(name: ""))
    }

    package init(name: String, deviation: Bool = false) {
      self.name = name
      self.deviation = deviation
    }
  }

  package let spec: Spec
  let input: FrameShape
  package let output: FrameShape
  let weight: Range<Int>
  let bias: Range<Int>

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
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

  package func outputFrames(_ frames: Int) -> Int { min(frames, 1) }

  package func floatingPointOperations(_ frames: Int) -> Int { 4 * frames * input.channels }

  /// How much each frame counts; sums to one over each clip.
  func attention(_ x: Batch, _ weights: Weights) -> (squashed: [Float], weights: [Float]) {
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

  package func attention(of clip: Batch, _ weights: Weights) -> [[Float]] {
    [attention(clip, weights).weights]
  }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    let x = x
    return pool(x, attention: attention(x, weights).weights)
  }

  func pool(_ x: Batch, attention: [Float]) -> Batch {
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

extension AttentionPooling {
  package struct Tape: Sendable {
    let input: Batch
    /// tanh(x)
    let squashed: [Float]
    /// How much each frame counts.
    let attention: [Float]
    let output: Batch
  }

  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let x = x
    let (squashed, attention) = attention(x, weights)
    let y = pool(x, attention: attention)
    return (y, Tape(input: x, squashed: squashed, attention: attention, output: y))
  }

  /// Through the weighted mean m and deviation s to each frame's weight a_t:
  /// da_t = dm · x_t + ds · (x_t - m)² / 2s, dx_t = a_t · (dm + ds · (x_t - m) / s); then through
  /// the softmax and the scores w · tanh(x_t).
  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    let (x, squashed, attention, y) = (tape.input, tape.squashed, tape.attention, tape.output)
    let dy = dy
    let (channels, width) = (x.channels, output.channels)
    let scorer = Array(weights.parameters[weight])
    var dx = Batch(lengths: x.lengths, bands: 1, channels: channels)
    for (clip, range) in x.frameRanges.enumerated() {
      let (dmean, slope) = slopes(clip, dy, y, channels, width)
      let mean = Array(y.values[clip * width..<clip * width + channels])
      var dattention = [Float](repeating: 0, count: range.count)
      for (place, t) in range.enumerated() {
        for c in 0..<channels {
          let value = x.values[t * channels + c]
          let distance = value - mean[c]
          dattention[place] += dmean[c] * value + 0.5 * slope[c] * distance * distance
          dx.values[t * channels + c] = attention[t] * (dmean[c] + slope[c] * distance)
        }
      }
      let average = zip(range, dattention).reduce(0) { $0 + attention[$1.0] * $1.1 }
      for (place, t) in range.enumerated() {
        let dscore = attention[t] * (dattention[place] - average)
        gradient[bias.lowerBound] += dscore
        for c in 0..<channels {
          let s = squashed[t * channels + c]
          gradient[weight.lowerBound + c] += dscore * s
          dx.values[t * channels + c] += dscore * scorer[c] * (1 - s * s)
        }
      }
    }
    return dx
  }

  /// A clip's dm, and ds / s where the deviation was not held up by its floor.
  private func slopes(
    _ clip: Int, _ dy: Batch, _ y: Batch, _ channels: Int, _ width: Int
  ) -> (dmean: [Float], slope: [Float]) {
    let start = clip * width
    let dmean = Array(dy.values[start..<start + channels])
    guard spec.deviation else { return (dmean, .init(repeating: 0, count: channels)) }
    let slope = (start + channels..<start + width).map { i -> Float in
      let deviation = y.values[i]
      let isFloored = deviation * deviation <= StatisticsPooling.smallestVariance * 1.000_001
      return isFloored ? 0 : dy.values[i] / deviation
    }
    return (dmean, slope)
  }
}

extension LayerSpec {
  package static func attentionPooling(_ spec: AttentionPooling.Spec) -> LayerSpec {
    LayerSpec(spec)
  }
}
