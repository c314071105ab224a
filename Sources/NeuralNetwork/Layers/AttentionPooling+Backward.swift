import LinearAlgebra

extension AttentionPooling: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let x = x
    let (squashed, attention) = attention(x, weights)
    let y = pool(x, attention: attention)
    return (y, .attention(input: x, squashed: squashed, weights: attention, output: y))
  }

  /// Through the weighted mean m and deviation s to each frame's weight a_t:
  /// da_t = dm · x_t + ds · (x_t - m)² / 2s, dx_t = a_t · (dm + ds · (x_t - m) / s); then through
  /// the softmax and the scores w · tanh(x_t).
  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .attention(let x, let squashed, let attention, let y) = tape else {
      preconditionFailure("not this layer's tape")
    }
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
